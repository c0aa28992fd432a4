// In an app's folder: gives its handlers the events of a file, and says which schemas are loaded before, and after each.
const { readFileSync } = require('node:fs')
const { basename, join } = require('node:path')
const { createRequire } = require('node:module')
const { StreamedService } = require('@boostercloud/streamer-testkit/service')
const { withMetadata } = require('@boostercloud/streamer-connector')

const loaded = () =>
  Object.keys(require.cache)
    .filter((file) => file.endsWith('.schema.cjs'))
    .map((file) => basename(file))
const say = (said) => process.stdout.write(`SAID ${JSON.stringify(said)}\n`)

async function main() {
  const service = await StreamedService.load(process.cwd())
  const app = createRequire(join(process.cwd(), 'dist', 'index.js'))
  const { handlerChecks } = app('@boostercloud/streamers/runtime')
  say({ checks: handlerChecks(app('@boostercloud/framework-core').Booster.config), loaded: loaded() })
  for (const { at, type, fields } of JSON.parse(readFileSync(process.argv[2], 'utf8'))) {
    const error = await service.given(at, withMetadata(fields, { type })).then(
      () => undefined,
      (cause) => cause
    )
    say({ error: error?.message, loaded: loaded() })
  }
  process.exit(0)
}

main().catch((error) => {
  process.stderr.write(`${error.stack}\n`)
  process.exit(1)
})
