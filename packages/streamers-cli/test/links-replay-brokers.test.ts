import { describeWithServer } from '@boostercloud/dev-brokers'
import { KafkaStreamer } from '@boostercloud/kafka-streamer'
import { NatsStreamer } from '@boostercloud/nats-streamer'
import { withMetadata } from '@boostercloud/streamer-connector'
import type { Closable, Provisionable, StreamerConnector } from '@boostercloud/streamer-connector'
import { expect } from 'chai'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { eventually } from '../../streamers/test/support/eventually'
import { run } from './support/command'
import { configure, withNotes, written } from './support/notes-app'

type Publisher = StreamerConnector & Provisionable & Closable

const BROKERS = {
  nats: {
    package: '@boostercloud/nats-streamer',
    made: (url: string) => `NatsStreamer.with({ servers: '${url}' })`,
    publisher: (url: string): Publisher => NatsStreamer.with({ servers: url }),
  },
  kafka: {
    package: '@boostercloud/kafka-streamer',
    made: (url: string) => `KafkaStreamer.with({ brokers: ['${url}'] })`,
    publisher: (url: string): Publisher => KafkaStreamer.with({ brokers: [url] }),
  },
} as const
const EVENTS = 120
/** More than one batch is parked by then, and less than all. */
const KILLED_AFTER = 70

describe('boost-streamers links replay on a broker', function () {
  this.timeout(240_000)

  for (const [name, broker] of Object.entries(BROKERS)) {
    describeWithServer(name as keyof typeof BROKERS, (server) => {
      it(`of ${name} goes on after it was killed, and each event is handled once in it`, () =>
        withNotes(async ({ folder }, start) => {
          const { url } = server()
          await configure(folder, 'config.streaming =', "require('./wired').wire(config); config.streaming =")
          await writeFile(join(folder, 'dist', 'wired.js'), wiring(broker.package, broker.made(url)))
          await publish(broker.publisher(url))

          await writeFile(join(folder, 'kill'), '')
          const replay = ['links', 'replay', 'main/notes', 'WritesNotes', '--from', '2020-01-01', '--yes']
          const killed = await run(replay, { cwd: folder })
          expect(killed.code, killed.out + killed.err).to.equal(null)
          const again = await run(replay, { cwd: folder })
          expect(again.out, again.err)
            .to.contain('Continues a replay that was interrupted.')
            .and.contain(`${EVENTS} events parked for WritesNotes`)

          await start()
          // Each as it came, and each in the replay.
          await eventually(
            async () => (await written(folder)).length >= 2 * EVENTS,
            () => written(folder),
            120_000
          )
          const counts = new Map<string, number>()
          for (const text of await written(folder)) counts.set(text, (counts.get(text) ?? 0) + 1)
          expect([...counts.values()].filter((count) => count !== 2)).to.deep.equal([])
          expect(counts.size).to.equal(EVENTS)
        }))
    })
  }
})

/** Has the app use a broker; a replay is killed in the middle, once. */
function wiring(from: string, made: string): string {
  return `const { ${made.split('.')[0]} } = require('${from}')
const { existsSync, rmSync } = require('node:fs')
exports.wire = (config) => {
  const main = ${made}
  const read = main.read.bind(main)
  main.read = async function* (...range) {
    let count = 0
    for await (const event of read(...range)) {
      count += 1
      if (count > ${KILLED_AFTER} && existsSync('kill')) {
        rmSync('kill')
        process.kill(process.pid, 'SIGKILL')
      }
      yield event
    }
  }
  config.streamers = { main }
}
`
}

/** Without a service: nobody has handled them when they are replayed. */
async function publish(publisher: Publisher): Promise<void> {
  await publisher.provision(['notes'])
  const events = Array.from({ length: EVENTS }, (_, n) =>
    withMetadata(
      { noteId: `note-${n % 3}`, text: `text ${n}` },
      { id: `e${n}`, type: 'NoteAdded', key: `note-${n % 3}`, source: 'elsewhere' }
    )
  )
  await publisher.publish(events as unknown as Parameters<StreamerConnector['publish']>[0], 'notes')
  await publisher.close()
}
