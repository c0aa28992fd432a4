// In an app's folder: says what looking for the schemas of its handlers costs at start, and which of them are loaded.
const { basename, join } = require('node:path')
const { createRequire } = require('node:module')
const { StreamedService } = require('@boostercloud/streamer-testkit/service')
const { withMetadata } = require('@boostercloud/streamer-connector')

const loaded = () =>
  Object.keys(require.cache)
    .filter((file) => file.endsWith('.schema.cjs'))
    .map((file) => basename(file))
require('node:v8').setFlagsFromString('--expose-gc')
const gc = require('node:vm').runInNewContext('gc')
const used = () => {
  gc()
  return process.memoryUsage().heapUsed
}
/** Microseconds of processor time that something takes. */
const timed = async (work) => {
  const before = process.cpuUsage()
  const value = await work()
  const { user, system } = process.cpuUsage(before)
  return [value, user + system]
}

async function main() {
  const [service, load] = await timed(() => StreamedService.load(process.cwd()))
  const app = createRequire(join(process.cwd(), 'dist', 'index.js'))
  const { handlerChecks } = app('@boostercloud/streamers/runtime')
  const { config } = app('@boostercloud/framework-core').Booster
  const before = used()
  const [checks, look] = await timed(() => handlerChecks(config))
  const bytes = used() - before
  const files = checks.map(({ schemaFile }) => schemaFile && basename(schemaFile))
  const first = loaded()
  const errors = {}
  for (const { address, typeName } of checks.filter(({ typeName }) => process.argv.includes(typeName))) {
    await service
      .given(address, withMetadata({ id: 1 }, { type: typeName }))
      .catch((error) => (errors[typeName] = error.message))
  }
  process.stdout.write(`SAID ${JSON.stringify({ load, look, bytes, files, first, then: loaded(), errors })}\n`)
  process.exit(0)
}

main().catch((error) => {
  process.stderr.write(`${error.stack}\n`)
  process.exit(1)
})
