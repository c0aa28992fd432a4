import { join } from 'node:path'
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge'
import { startServer } from '@boostercloud/dev-brokers'
import { asTexts } from '@boostercloud/streamer-testkit/conformance'
import type {
  Broker,
  ConformanceColumn,
  ConnectorUnderTest,
  RawRecord,
} from '@boostercloud/streamer-testkit/conformance'
import { EventBridgeStreamer } from '../src'
import type { EventBridgeStreamerOptions } from '../src'
import { AwsProxy } from './support/aws-proxy'
import { motoOptions } from './support/moto-options'

/** The position is the queue's; old events come through an archive, which takes ten minutes to have them and orders nothing. */
const OF_A_LOG = [
  'new_subscriber_gets_old_events',
  'poll_resumes_from_last_id',
  'places_are_stable',
  'replay_by_position',
  'replay_by_time',
  'replay_moves_no_position',
]

/** SQS has nothing that is written under a condition. */
const OF_A_GROUP = [
  'group_is_free_when_dead',
  'group_is_free_when_left',
  'group_is_not_a_sleepers',
  'group_is_one_states',
  'group_refuses_no_reader',
]

const OF_AN_ORDER = [
  'drain_on_sigterm',
  'handled_after_crash',
  'order_by_key_reconnect',
  'order_by_key_retry',
  'order_by_key_steady',
  'poison_blocks_only_its_key',
  'redrive_once',
]

/** What one poll hands out: moto delivers some hundred events a second, so a bound of thousands would be come to late. */
const MOST_EVENTS = 100

async function setUp(): Promise<ConnectorUnderTest> {
  const server = await startServer('moto')
  const proxy = await AwsProxy.to(server.url)
  const own = { publishTimeoutMs: 120_000, visibilitySeconds: 12, pollBatch: MOST_EVENTS }
  const options: EventBridgeStreamerOptions = { ...motoOptions(proxy.url), ...own }
  const client = new EventBridgeClient(motoOptions(server.url))
  let topics = 0
  return {
    create: ({ pollWaitMs }) => EventBridgeStreamer.with({ ...options, pollWaitMs }),
    topic: () => `topic-${topics++}`,
    inOtherProcess: { modulePath: join(__dirname, 'support/other-process.ts'), argument: options },
    unreachable: () => EventBridgeStreamer.with({ ...motoOptions('http://127.0.0.1:1'), publishTimeoutMs: 500 }),
    at: (port) =>
      EventBridgeStreamer.with({
        ...motoOptions(`http://127.0.0.1:${port}`),
        publishTimeoutMs: 500,
        requestTimeoutMs: 200,
      }),
    publishForeign: (topic, body, headers) => publishForeign(client, topic, body, headers),
    publishRaw: (topic, record) => publishRaw(client, topic, record),
    broker: brokerOf(proxy),
    refuseNext: (indexes) => refuseNext(proxy, indexes),
    async tearDown() {
      client.destroy()
      await proxy.close()
      await server.stop()
    },
  }
}

/** As a detail must be a JSON object, bytes travel as CloudEvents' JSON format has them: `data_base64` (CloudEvents 1.0.2, JSON §3.1). */
async function publishForeign(
  client: EventBridgeClient,
  topic: string,
  body: Uint8Array,
  headers: Readonly<Record<string, string>>
): Promise<void> {
  const detail = { specversion: '1.0', ...headers, data_base64: Buffer.from(body).toString('base64') }
  const entry = { Source: topic, DetailType: 'foreign', Detail: JSON.stringify(detail), EventBusName: 'streamers' }
  await client.send(new PutEventsCommand({ Entries: [entry] }))
}

/** An event has no headers: what others have there are members of its detail, as the attributes of a CloudEvent are. */
async function publishRaw(client: EventBridgeClient, topic: string, record: RawRecord): Promise<boolean> {
  const texts = asTexts(record)
  if (texts === undefined) return false
  const { body, contentType, contentEncoding, key, attributes, headers } = texts
  const packed = contentEncoding === undefined ? undefined : JSON.stringify({ 'content-encoding': contentEncoding })
  const own = { partitionkey: key, datacontenttype: contentType, headers: packed }
  const members = Object.entries({ ...own, ...headers, ...attributes }).filter(([, value]) => value !== undefined)
  await publishForeign(client, topic, body, Object.fromEntries(members) as Record<string, string>)
  return true
}

/** Moto keeps nothing when it ends. AWS does not end either: it is the way there that is cut. */
function brokerOf(proxy: AwsProxy): Broker {
  return {
    kill: () => proxy.cut(),
    start: () => proxy.restore(),
    stall: async () => proxy.stall(),
    goOn: async () => proxy.goOn(),
  }
}

/** Refuses entries of the next request for good, as AWS does where a policy of the bus says so. */
function refuseNext(proxy: AwsProxy, indexes: readonly number[]): void {
  let place = 0
  proxy.refuse = () =>
    indexes.includes(place++)
      ? { ErrorCode: 'NotAuthorizedForDetailTypeException', ErrorMessage: 'Not authorized for the detail type.' }
      : undefined
}

/** The columns of the conformance table that are this package's. */
export const columns: readonly ConformanceColumn[] = [
  {
    name: 'eventbridge',
    setUp,
    options: {
      capabilities: {
        position: 'broker',
        ordering: 'none',
        durable: true,
        replay: false,
        delivery: 'both',
        maxEventBytes: 1_000_000,
        topicRequired: true,
        defaultTopic: undefined,
      },
      skipped: [...OF_A_LOG, ...OF_A_GROUP, ...OF_AN_ORDER],
      limitMs: 180_000,
      maxBatchEvents: MOST_EVENTS,
    },
  },
]
