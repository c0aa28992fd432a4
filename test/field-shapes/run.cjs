// Gives the app in the working directory the events of a file, and says how its handlers see each.
const { readFileSync } = require('node:fs')
const { StreamedService } = require('@boostercloud/streamer-testkit/service')
const { withMetadata } = require('@boostercloud/streamer-connector')

/** As the table writes what a handler sees. */
function told(value) {
  if (typeof value === 'bigint') return `${value}n`
  if (value instanceof Uint8Array) return `bytes ${[...value].join()}`
  if (value instanceof Date) return `Date ${value.toISOString()}`
  if (Array.isArray(value)) return `[${value.map(told).join(', ')}]`
  if (typeof value !== 'object' || value === null) return String(JSON.stringify(value))
  const name = value.constructor === Object ? '' : `${value.constructor.name} `
  const fields = Object.keys(value).filter((key) => value[key] !== undefined)
  return `${name}{ ${fields.map((key) => `${key}: ${told(value[key])}`).join(', ')} }`
}

async function main() {
  const service = await StreamedService.load(process.cwd())
  for (const { type, field, value } of JSON.parse(readFileSync(process.argv[2], 'utf8'))) {
    const event = value === undefined ? {} : { [field]: (0, eval)(`(${value})`) }
    const expected = value === undefined ? undefined : told(event[field])
    let outcome
    try {
      globalThis.seen = undefined
      await service.given(`main/${type}`, withMetadata(event, { type }))
      outcome = { seen: told(globalThis.seen), expected }
    } catch (error) {
      outcome = { refused: error.code, message: error.message, expected }
    }
    process.stdout.write(`OUTCOME ${JSON.stringify(outcome)}\n`)
  }
  process.exit(0)
}

main().catch((error) => {
  process.stderr.write(`${error.stack}\n`)
  process.exit(1)
})
