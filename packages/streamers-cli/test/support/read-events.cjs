// Says what becomes of events of a contract's class, of which the second has an id that is no UUID.
process.env.BOOSTER_ENV = 'test'
const { createRequire } = require('node:module')
const { join } = require('node:path')
const { readEvent } = require('@boostercloud/streamers/runtime')

const [name, className] = process.argv.slice(2)
const eventClass = createRequire(join(process.cwd(), 'index.js'))(name)[className]

async function main() {
  for (const id of ['9f0b4a4e-63f5-4b0a-9f0b-0a4e63f54b0a', 'a']) {
    const read = readEvent(eventClass, { eventPayload: { id }, metadata: {} }, 'main/a')
    const said = await read.then(
      (event) => event.constructor.name,
      (error) => error.message.split(' At: ')[0]
    )
    process.stdout.write(`READ ${said}\n`)
  }
}

void main()
