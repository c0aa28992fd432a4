import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { EventInterface } from '@boostercloud/framework-types'
import { LocalStreamer } from '@boostercloud/local-streamer'
import { onFailpoint, withMetadata } from '@boostercloud/streamer-connector'
import type { StreamerLogger } from '@boostercloud/streamer-connector'
import { expect } from 'chai'
import { eventually } from '../../../streamers/test/support/eventually'
import { Lake } from '../../src'
import type { LakeFilter, RecordedEvent, Recording, RecordingHealth, RecordOptions } from '../../src'

const nothing = (): void => undefined
const QUIET: StreamerLogger = { debug: nothing, info: nothing, warn: nothing, error: nothing }

describe('a recording', function () {
  this.timeout(60_000)

  let folder: string
  let lake: Lake
  let open: { close(): Promise<void> }[]

  const streamer = (): LocalStreamer => {
    const made = LocalStreamer.with({ path: join(folder, 'log'), pollWaitMs: 100, pollBatch: 20 })
    open.push(made)
    return made
  }

  /** A recorder by connectors of its own. */
  const record = (more: Partial<RecordOptions> = {}): Promise<Recording> =>
    lake.record({ streamers: { main: streamer() }, addresses: ['main/posts'], logger: QUIET, ...more })

  async function publish(from: number, to: number, topic = 'posts'): Promise<void> {
    const log = streamer()
    const events = Array.from({ length: to - from + 1 }, (_, index) =>
      withMetadata(
        { n: from + index },
        { id: `${topic}-${from + index}`, type: 'PostCreated', key: `k${index % 3}`, source: 'blog' }
      )
    )
    await log.publish(events as unknown as EventInterface[], topic)
  }

  async function found(filter?: LakeFilter): Promise<RecordedEvent[]> {
    const events: RecordedEvent[] = []
    for await (const event of Lake.with({ path: join(folder, 'lake') }).read(filter)) events.push(event)
    return events
  }

  /** Waits until so many events can be read. */
  async function foundAre(count: number): Promise<void> {
    const readable = async (): Promise<number> => (await found()).length
    await eventually(async () => (await readable()) >= count, readable, 20_000)
  }

  const ids = (events: readonly RecordedEvent[]): (string | undefined)[] => events.map(({ id }) => id)
  const expected = (to: number, topic = 'posts'): string[] => Array.from({ length: to }, (_, n) => `${topic}-${n + 1}`)

  /** Waits until so many events are in the lake. */
  async function recordedBy(recording: Recording, count: number): Promise<void> {
    const recorded = async (): Promise<number> => (await recording.health()).reduce((sum, of) => sum + of.recorded, 0)
    await eventually(async () => (await recorded()) >= count, recorded, 20_000)
  }

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lake-'))
    open = []
    lake = Lake.with({ path: join(folder, 'lake'), segmentMs: 50, segmentEvents: 40 })
  })

  afterEach(async () => {
    onFailpoint(undefined)
    await Promise.all(open.map((one) => one.close()))
    await rm(folder, { recursive: true })
  })

  it('has every event once, in order, with its bytes, and goes on where it left off', async () => {
    await publish(1, 100)
    const first = await record()
    await recordedBy(first, 100)
    await first.stop()
    await publish(101, 150)
    const second = await record()
    await recordedBy(second, 50)
    await second.stop()
    const events = await found()
    expect(ids(events)).to.deep.equal(expected(150))
    const [{ message, position, partition, log, ...event }] = events
    expect(JSON.parse(Buffer.from(message.body).toString())).to.deep.equal({ n: 1 })
    expect(message.attributes).to.include({ id: 'posts-1', type: 'PostCreated', source: 'blog' })
    expect(event).to.include({ streamer: 'main', topic: 'posts', type: 'PostCreated', key: 'k0', source: 'blog' })
    expect([position, partition]).to.deep.equal([1, '0'])
    expect(log).to.match(/^[0-9a-f]{16}$/)
  })

  it('puts what was read into the lake when it is stopped', async () => {
    await publish(1, 10)
    lake = Lake.with({ path: join(folder, 'lake'), segmentMs: 3_600_000 })
    const recording = await record()
    await eventually(
      async () => (await recording.health())[0].unrecorded >= 10,
      () => recording.health()
    )
    expect(await found()).to.deep.equal([])
    await recording.stop()
    expect(ids(await found())).to.deep.equal(expected(10))
  })

  it('of several addresses is in one segment, and is found by address, type, key, id and position', async () => {
    await publish(1, 5)
    await publish(1, 5, 'comments')
    const recording = await record({ addresses: ['main/posts', 'main/comments'] })
    await recordedBy(recording, 10)
    await recording.stop()
    expect(ids(await found({ address: 'main/comments' }))).to.deep.equal(expected(5, 'comments'))
    expect(ids(await found({ address: 'main', key: 'k1', to: new Date(Date.now() + 1000) })).sort()).to.deep.equal([
      'comments-2',
      'comments-5',
      'posts-2',
      'posts-5',
    ])
    expect(ids(await found({ id: 'posts-3', type: 'PostCreated' }))).to.deep.equal(['posts-3'])
    expect(ids(await found({ address: 'main/posts', fromPosition: 2, toPosition: 4 }))).to.deep.equal([
      'posts-2',
      'posts-3',
    ])
    expect(await found({ type: 'Nothing' })).to.deep.equal([])
    expect(await found({ from: new Date(Date.now() + 60_000) })).to.deep.equal([])
  })

  it('of several addresses goes on where it left off', async () => {
    const addresses = ['main/posts', 'main/comments', 'main/likes']
    for (const [from, to] of [
      [1, 5],
      [6, 9],
    ]) {
      for (const topic of ['posts', 'comments', 'likes']) await publish(from, to, topic)
      const recording = await record({ addresses })
      await recordedBy(recording, 3 * (to - from + 1))
      await recording.stop()
    }
    for (const topic of ['posts', 'comments', 'likes'])
      expect(ids(await found({ address: `main/${topic}` }))).to.deep.equal(expected(9, topic))
  })

  it('whose events have no ids to settle them by, nor a form as JSON, has them', async () => {
    const circle: Record<string, unknown> = { n: 2 }
    circle.itself = circle
    const batches = [[{ n: 1 }, circle, { n: 3 }].map((eventPayload) => ({ streamerId: 'main', eventPayload }))]
    const plain = {
      poll: async () => Promise.resolve(batches.shift() ?? []),
      publish: async () => Promise.resolve(),
    } as unknown as RecordOptions['streamers'][string]
    const recording = await record({ streamers: { main: plain } })
    await recordedBy(recording, 3)
    await recording.stop()
    expect((await found()).map(({ message }) => Buffer.from(message.body).toString())).to.deep.equal([
      '{"n":1}',
      '',
      '{"n":3}',
    ])
  })

  it('of a connector that hands out again what is not settled, as it may if it declares nothing, has every event once', async () => {
    const events = [1, 2, 3, 4].map((n) => ({ streamerId: 'main', eventId: String(n), eventPayload: { n } }))
    let polls = 0
    const repeating = {
      poll: async (_: string | undefined, settled?: string) => {
        polls += 1
        const from = Number(settled ?? 0)
        return Promise.resolve(events.slice(from, from + 2))
      },
      publish: async () => Promise.resolve(),
    } as unknown as RecordOptions['streamers'][string]
    lake = Lake.with({ path: join(folder, 'lake'), segmentMs: 3_600_000 })
    const recording = await record({ streamers: { main: repeating } })
    await recordedBy(recording, 4)
    await recording.stop()
    expect((await found()).map(({ message }) => Buffer.from(message.body).toString())).to.deep.equal(
      [1, 2, 3, 4].map((n) => `{"n":${n}}`)
    )
    expect(polls).to.be.below(50)
  })

  it('that fails in a way that nobody has foreseen says so, acknowledges nothing, and rejects when it is stopped', async () => {
    await publish(1, 3)
    const said: unknown[] = []
    const error = (...words: unknown[]): void => void said.push(words.join(' '))
    onFailpoint((reached) => {
      if (reached === 'lake:before-acknowledge') throw new Error('unforeseen')
    })
    const recording = await record({ logger: { ...QUIET, error } })
    await eventually(() => said.length > 0)
    expect(said.join()).to.match(/Nothing more is recorded.*unforeseen/)
    expect((await recording.health())[0]).to.include({ healthy: false, problem: 'ended', recorded: 0 })
    expect(String(await recording.stop().catch((thrown: unknown) => thrown))).to.contain('unforeseen')
  })

  it('by two recorders at once has every event once', async () => {
    await publish(1, 200)
    const other = Lake.with({ path: join(folder, 'lake'), segmentMs: 30, segmentEvents: 25 })
    const both = await Promise.all([
      record(),
      other.record({ streamers: { main: streamer() }, addresses: ['main/posts'], logger: QUIET }),
    ])
    await publish(201, 300)
    await foundAre(300)
    await Promise.all(both.map((recording) => recording.stop()))
    expect(ids(await found())).to.deep.equal(expected(300))
  })

  for (const name of ['lake:draft-written', 'lake:before-manifest', 'lake:manifest-created', 'lake:segment-in-place']) {
    it(`whose commits fail at ${name} again and again loses and doubles nothing`, async () => {
      await publish(1, 200)
      let left = 3
      onFailpoint((reached) => {
        if (reached === name && (left -= 1) >= 0) throw new Error('failed')
      })
      const recording = await record()
      await foundAre(200)
      await recording.stop()
      expect(left).to.be.below(0)
      expect(ids(await found())).to.deep.equal(expected(200))
    })
  }

  it('says that the lake cannot be written, acknowledges nothing, and goes on when it can', async () => {
    await publish(1, 5)
    const recording = await record()
    await recordedBy(recording, 5)
    await rm(join(folder, 'lake', 'drafts'), { recursive: true })
    await writeFile(join(folder, 'lake', 'drafts'), 'in the way')
    await publish(6, 8)
    let health: RecordingHealth | undefined
    await eventually(
      async () => !([health] = await recording.health())[0].healthy,
      () => health
    )
    expect(health).to.include({
      healthy: false,
      problem: 'storage-fails',
      lastError: 'STORAGE_UNAVAILABLE',
      unrecorded: 3,
    })
    await rm(join(folder, 'lake', 'drafts'))
    await recordedBy(recording, 8)
    await recording.stop()
    expect(ids(await found())).to.deep.equal(expected(8))
  })

  it('keeps an event that cannot be decoded, with its bytes and why', async () => {
    const log = LocalStreamer.with({
      path: join(folder, 'log'),
      codec: {
        name: 'broken',
        encode: () => ({
          body: Buffer.from('{"n":'),
          contentType: 'application/json',
          attributes: { id: 'bad', type: 'PostCreated' },
          headers: {},
        }),
        decode: () => {
          throw new Error('never asked')
        },
      },
    })
    open.push(log)
    await log.publish(
      [withMetadata({ n: 1 }, { id: 'bad', type: 'PostCreated' })] as unknown as EventInterface[],
      'posts'
    )
    const recording = await record()
    await recordedBy(recording, 1)
    await recording.stop()
    const [event] = await found()
    expect(event.id).to.equal('bad')
    expect(event.undecodable).to.contain('EVENT_UNDECODABLE')
    expect(Buffer.from(event.message.body).toString()).to.equal('{"n":')
  })

  it('is refused where there is nothing to record, and where the folder is somebody else’s', async () => {
    const failure = async (work: Promise<unknown>): Promise<string> =>
      String(await work.catch((error: unknown) => error))
    expect(await failure(record({ addresses: [] }))).to.match(/OPTION_INVALID.*no address/)
    expect(await failure(record({ addresses: ['mian/posts'] }))).to.match(/STREAMER_UNKNOWN.*Did you mean 'main'/)
    expect(await failure(record({ addresses: ['main'] }))).to.contain('TOPIC_MISSING')
    expect(await failure(found())).to.match(/STORAGE_FOREIGN.*no lake/)
    await writeFile(join(folder, 'notes.txt'), 'mine')
    lake = Lake.with({ path: folder })
    expect(await failure(record())).to.match(/STORAGE_FOREIGN.*no lake/)
  })

  it('of a later format is refused', async () => {
    const recording = await record()
    await recording.stop()
    const later = { format: 'booster-event-lake', formatVersion: 99, id: 'x' }
    await writeFile(join(folder, 'lake', 'lake.json'), JSON.stringify(later))
    expect(String(await found().catch((error: unknown) => error))).to.match(/STORAGE_FOREIGN.*format version 99/)
  })
})
