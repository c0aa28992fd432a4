// Loads the app in the working directory, on a core as that of Booster 4 where the first argument says so, and says what became of its events.
const { rmSync, writeFileSync } = require('node:fs')
const path = require('node:path')
if (process.argv[2] === '4') require('../support/newer-core.cjs')
const { Booster, runStreamedHandlers } = require(path.join(process.cwd(), 'dist', 'index.js'))
const { config } = Booster
const say = (word, value) => process.stdout.write(`${word} ${JSON.stringify(value)}\n`)

const metadata = {
  id: 'e1',
  source: 'shop',
  type: 'Bought',
  subject: 's1',
  time: '2026-01-31T12:00:00.000Z',
  version: 2,
}
const given = async (address) => {
  const from = Date.now()
  const failure = await runStreamedHandlers(config, address, { eventPayload: { at: 1 }, metadata }).then(
    () => undefined,
    (error) => error.message
  )
  return { failure, ms: Date.now() - from }
}

const note = (id, text) => ({
  kind: 'event',
  superKind: 'domain',
  version: 1,
  requestID: id,
  entityTypeName: 'Note',
  typeName: 'Noted',
  entityID: id,
  value: { noteId: id, text },
})

async function remove({ createdAt, entityID, entityTypeName }) {
  const { events } = config.provider
  await events.deleteEvent(config, await events.findDeletableEvent(config, { createdAt, entityID, entityTypeName }))
}

async function main() {
  say('FAILING', await given('main/failing'))
  say('LOOSE', await given('main/loose'))
  const warned = []
  config.logger = { debug() {}, info() {}, error() {}, warn: (...words) => warned.push(words.map(String).join(' ')) }
  writeFileSync('away', '')
  await config.provider.infrastructure().start(config, Number(process.argv[3]))
  const [first, second] = await config.provider.events.store([note('n', 'first'), note('n', 'secret')], config)
  await remove(second)
  rmSync('away')
  await config.provider.events.store([note('n', 'third')], config)
  const { main } = config.streamers
  const texts = []
  for (let last; texts.length < 2;) {
    for (const { eventPayload, eventId } of await main.poll('notes', last)) {
      texts.push(eventPayload.text)
      last = eventId
    }
  }
  await remove(first)
  say('PUBLISHED', { texts, warned: warned.filter((line) => line.includes('is deleted')) })
  process.exit(0)
}

main().catch((error) => {
  say('FAILED', error.stack)
  process.exit(1)
})
