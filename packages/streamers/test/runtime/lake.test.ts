import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { EventInterface } from '@boostercloud/framework-types'
import { LocalStreamer } from '@boostercloud/local-streamer'
import { withMetadata } from '@boostercloud/streamer-connector'
import type { EventRecorder, StreamerConnector } from '@boostercloud/streamer-connector'
import { expect } from 'chai'
import { Declarations, topologyOf } from '../../src/declare'
import { Streaming } from '../../src/runtime'
import { eventually } from '../support/eventually'
import { TestEffects } from '../support/receiving'
import type { Note } from '../support/receiving'
import { Lake } from '@boostercloud/streamers-lake'

const quiet = (): void => undefined

describe('a service with a lake', function () {
  this.timeout(60_000)

  let folder: string
  let handled: number[]
  let said: string[]

  /** A service with one handler of `main/notes`. */
  function service(lake: EventRecorder, streamer?: StreamerConnector): Streaming {
    const main = streamer ?? LocalStreamer.with({ path: join(folder, 'log'), group: 'notes', pollWaitMs: 50 })
    const declarations = new Declarations()
    const handlerClass = { name: 'Handler', handle: async () => undefined }
    declarations.handlers.push({ handlerClass, streamedFrom: ['main/notes'], options: {}, at: 'class Handler' })
    const options = { state: join(folder, 'state'), drainMs: 5_000, lake }
    const say = (message: string): void => void said.push(message)
    return new Streaming(topologyOf(declarations, { main }, options), options, {
      appName: 'notes',
      environment: 'test',
      log: { debug: quiet, info: quiet, warn: say, error: say },
      events: { find: async () => new Map() },
      timersWith: () => [],
      effectsWith: () =>
        new TestEffects((note: Note) => {
          handled.push(note.n)
          return []
        }),
    })
  }

  async function publish(from: number, to: number): Promise<void> {
    const log = LocalStreamer.with({ path: join(folder, 'log') })
    const events = Array.from({ length: to - from + 1 }, (_, index) =>
      withMetadata({ n: from + index }, { id: `id-${from + index}`, type: 'Noted', key: 'k', source: 'here' })
    )
    await log.publish(events as unknown as EventInterface[], 'notes')
    await log.close()
  }

  const lake = (more = {}): Lake => Lake.with({ path: join(folder, 'lake'), segmentMs: 50, ...more })

  async function recorded(): Promise<(string | undefined)[]> {
    const ids: (string | undefined)[] = []
    for await (const { id } of lake().read()) ids.push(id)
    return ids
  }

  const failureOf = (streaming: Streaming): Promise<unknown> =>
    streaming.start().then(
      () => undefined,
      (error: unknown) => error
    )

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lake-'))
    handled = []
    said = []
  })

  afterEach(() => rm(folder, { recursive: true }))

  it('records what its handlers are given, takes nothing from them, and goes on where it left off', async () => {
    await publish(1, 50)
    const first = service(lake())
    await first.start()
    const lagging = async (): Promise<unknown> => (await first.health())?.recordings
    await eventually(async () => {
      const [recording] = (await first.health())?.recordings ?? []
      return handled.length === 50 && recording.recorded === 50
    }, lagging)
    const health = await first.health()
    expect(health?.recordings).to.have.length(1)
    expect(health?.recordings[0]).to.include({ address: 'main/notes', healthy: true, lag: 0, unrecorded: 0 })
    expect(health?.recordings[0].lastSegment?.events).to.be.greaterThan(0)
    expect(health?.healthy).to.equal(true)
    await first.drain()

    await publish(51, 80)
    const second = service(lake({ segmentMs: 3_600_000 }))
    await second.start()
    await eventually(() => handled.length === 80)
    await eventually(async () => (await second.health())?.recordings[0].unrecorded === 30)
    await second.drain()
    const expected = Array.from({ length: 80 }, (_, index) => index + 1)
    expect(handled).to.deep.equal(expected)
    expect(await recorded()).to.deep.equal(expected.map((n) => `id-${n}`))
    expect(said).to.deep.equal([])
  })

  it('tells how far the lake is, also where the service does not run', async () => {
    await publish(1, 10)
    const first = service(lake())
    await first.start()
    await eventually(async () => (await first.health())?.recordings[0].recorded === 10)
    await first.drain()
    await publish(11, 13)
    const streamers = { main: LocalStreamer.with({ path: join(folder, 'log'), group: 'notes' }) }
    const asked = { appName: 'notes', environment: 'test', streamers, addresses: ['main/notes'] }
    const status = await lake().status({ ...asked, logger: { debug: quiet, info: quiet, warn: quiet, error: quiet } })
    expect(status).to.deep.include({ events: 10, addresses: [{ address: 'main/notes', lag: 3, gaps: [] }] })
  })

  it('does not start into a folder that is no lake, and lets go of what it has taken', async () => {
    const path = join(folder, 'mine')
    await writeFile(join(folder, 'mine'), '')
    await rm(path)
    const foreign = lake({ path: folder })
    await writeFile(join(folder, 'letter.txt'), 'dear')
    const refused = service(foreign)
    expect(await failureOf(refused)).to.include({ code: 'STORAGE_FOREIGN', at: folder })
    const next = service(lake())
    await next.start()
    await next.drain()
  })

  it('does not start into a lake of a later version', async () => {
    const path = join(folder, 'later')
    const made = lake({ path })
    const first = service(made)
    await first.start()
    await first.drain()
    const later = { format: 'booster-event-lake', formatVersion: 99, id: 'x' }
    await writeFile(join(path, 'lake.json'), JSON.stringify(later))
    const failure = (await failureOf(service(lake({ path })))) as Error
    expect(failure).to.include({ code: 'STORAGE_FOREIGN' })
    expect(failure.message).to.match(/version 99/)
  })

  it('starts while the lake is away, says so, and records when it is there', async () => {
    const path = join(folder, 'blocked', 'lake')
    await writeFile(join(folder, 'blocked'), 'a file where the folder is to be')
    await publish(1, 3)
    const streaming = service(lake({ path }))
    await streaming.start()
    await eventually(() => handled.length === 3)
    const [recording] = (await streaming.health())?.recordings ?? []
    expect(recording).to.include({ healthy: false, problem: 'starting', lastError: 'STORAGE_UNAVAILABLE', recorded: 0 })
    await rm(join(folder, 'blocked'))
    await eventually(async () => (await streaming.health())?.recordings[0].recorded === 3, undefined, 20_000)
    expect((await streaming.health())?.healthy).to.equal(true)
    await streaming.drain()
  })

  it('refuses topics that the service does not have, and a streamer that it would take events from', async () => {
    expect(await failureOf(service(lake({ topics: ['main/note'] })))).to.include({ code: 'OPTION_INVALID' })
    const alone = Object.assign(LocalStreamer.with({ path: join(folder, 'log') }), { copyFor: undefined })
    const failure = (await failureOf(service(lake(), alone as unknown as StreamerConnector))) as Error
    expect(failure).to.include({ code: 'OPTION_INVALID', at: 'main/notes' })
  })
})
