import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { EventInterface } from '@boostercloud/framework-types'
import { describeWithServer } from '@boostercloud/dev-brokers'
import { EventBridgeStreamer } from '@boostercloud/eventbridge-streamer'
import { KafkaStreamer } from '@boostercloud/kafka-streamer'
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
import { eventually } from '../../../streamers/test/support/eventually'
import { Lake } from '../../src'
import type { RecordedEvent, Recording, RecordingHealth } from '../../src'

type Made = StreamerConnector & Closable

const LIMIT_MS = 30_000

const nothing = (): void => undefined
const QUIET: StreamerLogger = { debug: nothing, info: nothing, warn: nothing, error: nothing }
const ADDRESS = 'main/posts'

const eventsFrom = (from: number, to: number): EventInterface[] =>
  Array.from({ length: to - from + 1 }, (_, index) =>
    withMetadata({ n: from + index }, { id: `id-${from + index}`, type: 'PostCreated', key: 'k', source: 'blog' })
  ) as unknown as EventInterface[]

/** One that the recorder uses itself, and makes no other one of, so that the test can stop it. */
const itself = (streamer: Made): Made => Object.assign(streamer, { copyFor: undefined })

/** Where the broker keeps the position of its readers. */
function recordsFrom(make: () => Made, isInOrder = true): void {
  let path: string
  let open: Made[]

  /** Members of a group that go on running would be given events. */
  async function end(recording: Recording): Promise<void> {
    await recording.stop()
    await Promise.all(open.splice(0).map((streamer) => streamer.close()))
  }

  const made = (): Made => {
    const streamer = itself(make())
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
    const health = async (): Promise<RecordingHealth> => (await recording.health())[0]
    await eventually(async () => isSo(await health()), health, LIMIT_MS)
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
    const expected = Array.from({ length: 100 }, (_, index) => `id-${index + 1}`)
    expect(isInOrder ? ids : ids.sort()).to.deep.equal(isInOrder ? expected : expected.sort())
  })
}

/** Where the members of a group share what comes: what one of them loses comes to another later, behind what that has recorded. */
function recordsWhatOthersLost(make: () => Made): void {
  it('has what another recorder was given and lost, though it has recorded later events before', async () => {
    const path = await mkdtemp(join(tmpdir(), 'lake-'))
    const [losing, other, publisher] = [itself(make()), itself(make()), make()]
    const record = async (main: Made, segmentMs: number): Promise<Recording> =>
      Lake.with({ path, segmentMs }).record({
        streamers: { main },
        addresses: [ADDRESS],
        appName: 'shop',
        logger: QUIET,
      })
    const held = async (recording: Recording): Promise<number> => {
      const [{ recorded, unrecorded }] = await recording.health()
      return recorded + unrecorded
    }
    const both = [await record(losing, 3_600_000), await record(other, 20)]
    await Promise.all(
      [losing, other].map((member) => (member as Made & StreamerConnectorPollingInterface).poll('posts'))
    )
    const waitFor = (isSo: () => Promise<boolean>): Promise<void> =>
      eventually(isSo, () => Promise.all(both.map((recording) => recording.health())), LIMIT_MS)
    // NATS knows those of the test before by their ids.
    const first = 1_001
    let published = 0
    try {
      let isBehind = false
      while (!isBehind) {
        const [before, later] = await Promise.all(both.map(held))
        await publisher.publish(eventsFrom(first + published, first + published), 'posts')
        published += 1
        await waitFor(async () => (await held(both[0])) + (await held(both[1])) >= published)
        isBehind = before > 0 && (await held(both[1])) > later
      }
      await waitFor(async () => (await both[1].health())[0].unrecorded === 0)
      await losing.close()
      await waitFor(async () => (await both[1].health())[0].recorded >= published)
      const ids: (string | undefined)[] = []
      for await (const { id } of Lake.with({ path }).read()) ids.push(id)
      const expected = Array.from({ length: published }, (_, index) => `id-${first + index}`)
      // What was lost may be recorded by both, should the poll that its closing ends have begun a moment before.
      expect([...new Set(ids)].sort()).to.deep.equal(expected)
    } finally {
      await Promise.all(both.map((recording) => recording.stop()))
      await Promise.all([losing, other, publisher].map((streamer) => streamer.close()))
      await rm(path, { recursive: true })
    }
  })
}

describe('a recording where the broker keeps the position', function () {
  this.timeout(120_000)

  describeWithServer('nats', (server) => {
    describe('and delivers out of the order of places', () => {
      const make = (): NatsStreamer =>
        NatsStreamer.with({ servers: server().url, ordering: 'none', ackWaitMs: 1000, pollWaitMs: 100 })
      recordsFrom(make)
      recordsWhatOthersLost(make)
    })
  })

  describeWithServer('rabbitmq', (server) => {
    describe('without them', () => {
      recordsFrom(() => RabbitMQStreamer.with({ url: server().url, pollWaitMs: 100 }))
    })
  })

  describeWithServer('kafka', (server) => {
    describe('and delivers in the order of places', () => {
      const make = (): KafkaStreamer => KafkaStreamer.with({ brokers: [server().url], consumer: { pollWaitMs: 200 } })
      before(async () => {
        const streamer = make()
        streamer.attach({ streamerId: 'main', appName: 'shop', environment: 'production' })
        await streamer.provision(['posts'])
        await streamer.close()
      })
      recordsFrom(make)
    })
  })

  describeWithServer('moto', (server) => {
    describe('and delivers in any order', () => {
      const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }
      const make = (): EventBridgeStreamer =>
        EventBridgeStreamer.with({
          endpoint: server().url,
          credentials,
          region: 'eu-west-1',
          eventBus: 'streamers',
          visibilitySeconds: 3,
          pollWaitMs: 100,
        })
      recordsFrom(make, false)
    })
  })
})
