import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LocalStreamer } from '@boostercloud/local-streamer'
import type { ExternalEvent, StreamerConnector } from '@boostercloud/streamer-connector'
import { expect } from 'chai'
import { eventually } from '../../../streamers/test/support/eventually'
import { Lake } from '../../src'
import type { LakeReplayOptions, ReplayedTo } from '../../src'
import { recorded } from '../support/events'
import { MadeLake } from '../support/made-lake'

describe('lake.replay', function () {
  this.timeout(60_000)

  let made: MadeLake
  let folder: string
  let main: LocalStreamer

  const replay = (more: Partial<LakeReplayOptions> = {}): ReturnType<Lake['replay']> =>
    Lake.with({ path: made.folder }).replay(
      { address: 'main/posts' },
      { into: { connector: main, topic: 'posts' }, ...more }
    )

  async function published(): Promise<ExternalEvent[]> {
    const events: ExternalEvent[] = []
    for await (const event of main.read('posts', {})) events.push(event)
    return events
  }

  const ids = async (): Promise<unknown[]> => (await published()).map(({ metadata }) => metadata?.id)

  /** An event that the one of a position has caused. */
  const causedBy = (position: number, by: number): ReturnType<typeof recorded> => {
    const { message } = recorded(position)
    return recorded(position, {
      message: { ...message, attributes: { ...message.attributes, causationid: `id-${by}` } },
    })
  }

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'replay-'))
    main = LocalStreamer.with({ path: join(folder, 'log') })
    made = await MadeLake.of([recorded(1), recorded(2)], [causedBy(3, 1), recorded(4, { topic: 'comments' })])
  })

  afterEach(async () => {
    await main.close()
    await made.remove()
    await rm(folder, { recursive: true })
  })

  it('publishes events in their order as they were, and marks them', async () => {
    expect((await replay()).events).to.equal(3)
    const events = await published()
    expect(events.map(({ metadata }) => metadata?.id)).to.deep.equal(['id-1', 'id-2', 'id-3'])
    expect(events.map(({ metadata }) => metadata?.key)).to.deep.equal(['post-1', 'post-2', 'post-3'])
    expect(events.map(({ metadata }) => metadata?.replayed)).to.deep.equal([true, true, true])
    expect(Buffer.from(events[0].message?.body ?? []).toString()).to.equal('{"postId":"post-1"}')
    expect(events[0].metadata).to.include({ type: 'PostCreated', source: 'blog' })
  })

  it('gives new ids, to which what they have caused refers, and the same ones where it is taken up', async () => {
    const { seed } = await replay({ newIds: true })
    const [first, , third] = await published()
    expect(first.metadata?.id).to.match(/^[\da-f]{8}-[\da-f]{4}-8[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/)
    expect(third.metadata?.causationId).to.equal(first.metadata?.id)
    await replay({ newIds: true, after: { seed, positions: {}, counts: {} } })
    const all = await ids()
    expect(all.slice(3)).to.deep.equal(all.slice(0, 3))
    await replay({ newIds: true })
    expect(new Set(await ids()).size).to.equal(6)
  })

  it('gives events in the structured mode new ids too', async () => {
    const body = Buffer.from(
      '{"specversion":"1.0","id":"a","source":"blog","type":"PostCreated","data":{"n":9007199254740993}}'
    )
    const message = { body, contentType: 'application/cloudevents+json', attributes: {}, headers: {} }
    await made.add([recorded(5, { id: 'a', message })])
    await replay({ newIds: true })
    const last = (await published()).at(-1)
    expect(last?.metadata?.id).to.match(/^[\da-f]{8}-/)
    expect(Buffer.from(last?.message?.body ?? []).toString()).to.contain('9007199254740993')
  })

  it('goes on behind what an earlier replay has published', async () => {
    let to: ReplayedTo | undefined
    const ending = new AbortController()
    const connector = Object.assign(Object.create(main) as LocalStreamer, {
      publishRaw: async (...given: Parameters<LocalStreamer['publishRaw']>) => {
        await main.publishRaw(...given)
        ending.abort()
      },
    })
    await made.add(Array.from({ length: 1_000 }, (_, index) => recorded(10 + index)))
    await replay({
      into: { connector: connector as unknown as StreamerConnector, topic: 'posts' },
      signal: ending.signal,
      onPublished: (_, reached) => (to = reached),
    })
    expect(await ids()).to.have.length(500)
    const { events } = await replay({ after: to })
    expect(events).to.equal(503)
    expect(new Set(await ids()).size).to.equal(1_003)
  })

  it('keeps the pace of the first time', async () => {
    await made.add([recorded(5, { time: '2026-11-30T13:00:00.000Z' })])
    const ending = new AbortController()
    const slow = replay({ speed: 1, signal: ending.signal })
    await eventually(async () => (await ids()).length === 3)
    ending.abort()
    expect((await slow).events).to.equal(3)
    await replay({ speed: 1e9 })
    expect(await ids()).to.have.length(7)
  })

  it('refuses the log that the events came from, and a streamer that cannot publish them', async () => {
    const [{ logId: log }] = await main.bounds('posts')
    const own = await MadeLake.of([recorded(1, { log })])
    const lake = Lake.with({ path: own.folder })
    const into = { connector: main, topic: 'posts' }
    const refusal = await lake.replay({}, { into }).catch((error: unknown) => error)
    expect(refusal).to.include({ code: 'OPTION_INVALID' })
    expect(String(refusal)).to.contain('this very log')
    expect((await lake.replay({}, { into, isSameLog: true })).events).to.equal(1)
    await own.remove()
    const bare = { publish: async () => undefined, poll: async () => [] }
    expect(await replay({ into: { connector: bare } }).catch((error: unknown) => error)).to.include({
      code: 'OPTION_INVALID',
    })
  })
})
