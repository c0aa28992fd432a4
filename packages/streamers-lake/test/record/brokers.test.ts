import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { EventInterface } from '@boostercloud/framework-types'
import { describeWithServer } from '@boostercloud/dev-brokers'
import { NatsStreamer } from '@boostercloud/nats-streamer'
import { RabbitMQStreamer } from '@boostercloud/rabbitmq-streamer'
import { withMetadata } from '@boostercloud/streamer-connector'
import type {
  Closable,
  StreamerConnector,
  StreamerConnectorPollingInterface,
  StreamerLogger,
} from '@boostercloud/streamer-connector'
import { expect } from 'chai'
import { Lake } from '../../src'
import type { RecordedEvent, Recording } from '../../src'

type Made = StreamerConnector & Closable

const nothing = (): void => undefined
const QUIET: StreamerLogger = { debug: nothing, info: nothing, warn: nothing, error: nothing }
const ADDRESS = 'main/posts'

const eventsFrom = (from: number, to: number): EventInterface[] =>
  Array.from({ length: to - from + 1 }, (_, index) =>
    withMetadata({ n: from + index }, { id: `id-${from + index}`, type: 'PostCreated', key: 'k', source: 'blog' })
  ) as unknown as EventInterface[]

/** Where the broker keeps the position of its readers. */
function recordsFrom(make: () => Made): void {
  let path: string
  let open: Made[]

  /** Members of a group that go on running would be given events. */
  async function end(recording: Recording): Promise<void> {
    await recording.stop()
    await Promise.all(open.splice(0).map((streamer) => streamer.close()))
  }

  const made = (): Made => {
    const streamer = make()
    open.push(streamer)
    return streamer
  }

  async function record(lake: Lake): Promise<Recording> {
    return lake.record({ streamers: { main: made() }, addresses: [ADDRESS], appName: 'shop', logger: QUIET })
  }

  async function until(
    recording: Recording,
    isSo: (health: { recorded: number; unrecorded: number }) => boolean
  ): Promise<void> {
    const end = Date.now() + 30_000
    for (;;) {
      const [health] = await recording.health()
      if (isSo(health)) return
      if (Date.now() > end) throw new Error(`Not in time: ${JSON.stringify(health)}`)
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
  }

  async function found(): Promise<RecordedEvent[]> {
    const events: RecordedEvent[] = []
    for await (const event of Lake.with({ path }).read()) events.push(event)
    return events
  }

  beforeEach(async () => {
    path = await mkdtemp(join(tmpdir(), 'lake-'))
    open = []
  })

  afterEach(async () => {
    await Promise.all(open.map((streamer) => streamer.close()))
    await rm(path, { recursive: true })
  })

  it('has every event once, also those that are delivered again because their acknowledgement is missing', async () => {
    const idle = await record(Lake.with({ path, segmentMs: 50 }))
    await (open[0] as Made & StreamerConnectorPollingInterface).poll('posts')
    await end(idle)
    await made().publish(eventsFrom(1, 50), 'posts')
    const recording = await record(Lake.with({ path, segmentMs: 50 }))
    await until(recording, ({ recorded }) => recorded >= 50)
    await end(recording)

    await made().publish(eventsFrom(51, 80), 'posts')
    const deaf = made()
    // Its process ends before the broker hears of what is in the lake.
    Object.assign(deaf, { acknowledge: async () => Promise.reject(new Error('gone')) })
    const dying = await Lake.with({ path, segmentMs: 50 }).record({
      streamers: { main: deaf },
      addresses: [ADDRESS],
      appName: 'shop',
      logger: QUIET,
    })
    await until(dying, ({ recorded }) => recorded >= 30)
    await end(dying)

    await made().publish(eventsFrom(81, 100), 'posts')
    const last = await record(Lake.with({ path, segmentMs: 50 }))
    await until(last, ({ recorded }) => recorded >= 20)
    await end(last)
    const ids = (await found()).map(({ id }) => id)
    expect(ids).to.deep.equal(Array.from({ length: 100 }, (_, index) => `id-${index + 1}`))
  })
}

describe('a recording where the broker keeps the position', function () {
  this.timeout(120_000)

  describeWithServer('nats', (server) => {
    describe('with stable places', () => {
      recordsFrom(() =>
        NatsStreamer.with({ servers: server().url, ordering: 'none', ackWaitMs: 1000, pollWaitMs: 100 })
      )
    })
  })

  describeWithServer('rabbitmq', (server) => {
    describe('without them', () => {
      recordsFrom(() => RabbitMQStreamer.with({ url: server().url, pollWaitMs: 100 }))
    })
  })
})
