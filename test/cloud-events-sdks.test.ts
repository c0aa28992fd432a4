import { expect } from 'chai'
import { withMetadata } from '@boostercloud/streamer-connector'
import type { EventMetadata, ExternalEvent } from '@boostercloud/streamer-connector'
import { polled, startBrokers } from './cloud-events-sdks/brokers'
import type { Wire } from './cloud-events-sdks/brokers'
import { Judge } from './cloud-events-sdks/judges'
import type { Binding, Mode, SdkEvent, SdkMessage } from './cloud-events-sdks/judges'
import { orSkip } from './support/or-skip'

const TIME = '2026-01-02T03:04:05.678Z'
const MODES: readonly Mode[] = ['binary', 'structured']
const DATA = { text: 'żółć 👍', n: 0.1, list: [null, true] }

const PLAIN = {
  specversion: '1.0',
  id: '1',
  source: '/readers',
  type: 'com.acme.PostLiked',
  subject: 'post-1',
  time: TIME,
  datacontenttype: 'application/json',
  correlationid: 'correlation-1',
}
/** What bindings encode, each in its own way or not at all. */
const ODD = { ...PLAIN, id: 'a%2Fb:ü"2', source: 'urn:x:my%20shop', type: 'żółć/👍', subject: 'ключ "1" 日本' }

/** Events that SDKs write, and the payload that a handler gets. */
const WRITTEN: ReadonlyArray<readonly [what: string, event: SdkEvent, payload: unknown]> = [
  ['a plain one', { attributes: { ...PLAIN, partitionkey: 'key-1', sequence: 7 }, data: DATA }, DATA],
  ['one with odd characters', { attributes: ODD, data: DATA }, DATA],
  ['one of 0.3', { attributes: { ...PLAIN, specversion: '0.3' }, data: DATA }, DATA],
  ['text', { attributes: { ...PLAIN, datacontenttype: 'text/plain' }, data: 'żółć 👍' }, 'żółć 👍'],
  [
    'bytes',
    { attributes: { ...PLAIN, datacontenttype: 'application/octet-stream' }, data: { bytes: '00ff80' } },
    Buffer.of(0x00, 0xff, 0x80),
  ],
  ['one without data', { attributes: { ...PLAIN, datacontenttype: undefined } }, undefined],
]

/** By which of their bindings the SDKs write to a broker, and read from it. */
const BINDINGS: Readonly<
  Record<
    Wire['name'],
    {
      readonly writes: readonly (readonly [sdk: 'python' | 'java', binding: Binding])[]
      readonly reads: 'kafka' | 'amqp' | 'http'
    }
  >
> = {
  kafka: {
    writes: [
      ['python', 'kafka'],
      ['java', 'kafka'],
    ],
    reads: 'kafka',
  },
  rabbitmq: {
    writes: [
      ['python', 'rabbitmq'],
      ['python', 'amqp'],
      ['java', 'http'],
    ],
    reads: 'amqp',
  },
  // The binding of NATS encodes attributes as that of HTTP does, and no SDK has it.
  nats: {
    writes: [
      ['python', 'http'],
      ['java', 'http'],
    ],
    reads: 'http',
  },
}

describe("CloudEvents' own SDKs for Python and Java", function () {
  this.timeout(300_000)
  let brokers: readonly Wire[] = []
  const judges: Partial<Record<'python' | 'java', Judge>> = {}
  const judge = (sdk: 'python' | 'java'): Judge => judges[sdk]!

  before(async function () {
    await orSkip(this, async () => {
      const [started, python, java] = await Promise.all([startBrokers(), Judge.python(), Judge.java()])
      brokers = started
      Object.assign(judges, { python, java })
    })
  })
  after(() => Promise.all([...brokers, ...Object.values(judges)].map((one) => one.stop())))

  for (const name of ['kafka', 'rabbitmq', 'nats'] as const) {
    const wire = (): Wire => brokers.find((one) => one.name === name)!
    const { writes, reads } = BINDINGS[name]

    for (const [sdk, binding] of writes)
      for (const mode of MODES) {
        if (!isWritten(name, sdk, mode)) continue
        it(`${name}: what the one for ${sdk} writes by ${binding}, ${mode}, arrives`, async () => {
          const written = WRITTEN.filter(([, { attributes }]) => canWrite(sdk, binding, mode, attributes))
          const messages = await judge(sdk).write(
            binding,
            mode,
            written.map(([, event]) => event)
          )
          const topic = await wire().topic()
          await wire().streamer.poll(topic)
          await wire().write(topic, name === 'rabbitmq' ? messages.map(withContentType) : messages)
          const events = await polled(wire(), topic, written.length)
          for (const [index, [what, { attributes }, payload]] of written.entries())
            expectArrived(events[index], what, attributes, payload)
        })
      }

    it(`${name}: what is published here is read by the one for Python${reads === 'amqp' ? '' : ' and for Java'}`, async () => {
      const [published, attributes] = OWN
      const topic = await wire().topic()
      const messages = await wire().read(topic, () => wire().streamer.publish(published(), topic), attributes.length)
      expectRead(await judge('python').read(reads, messages), attributes)
      // The one for Java knows nothing of percent-encoding.
      if (reads === 'kafka') expectRead(await judge('java').read(reads, messages), attributes)
      if (reads === 'http') expectRead(await judge('java').read(reads, messages.slice(0, 1)), attributes.slice(0, 1))
    })
  }
})

/** The registry has no AMQP binding of the SDK for Java: its structured messages are those of HTTP. */
function isWritten(name: Wire['name'], sdk: string, mode: Mode): boolean {
  return name !== 'rabbitmq' || sdk === 'python' || mode === 'structured'
}

/** Java's HTTP binding does not encode its headers, so that NATS reads an odd one as another. */
function canWrite(sdk: string, binding: Binding, mode: Mode, attributes: SdkEvent['attributes']): boolean {
  return !(sdk === 'java' && binding === 'http' && mode === 'binary' && attributes === ODD)
}

/** AMQP has a property for it. */
function withContentType(message: SdkMessage): SdkMessage {
  const entries = Object.entries(message.headers)
  const [, own] = entries.find(([name]) => name.toLowerCase() === 'content-type') ?? []
  if (own === undefined) return message
  return { ...message, contentType: String(own), headers: {} }
}

function expectArrived(event: ExternalEvent, what: string, attributes: SdkEvent['attributes'], payload: unknown): void {
  const { eventPayload, metadata = {} } = event
  expect(metadata.undecodable?.message, what).to.equal(undefined)
  const { id, source, type, subject, time, correlationId, key, headers } = metadata
  const told = { id, source, type, subject, correlationid: correlationId }
  expect(told, what).to.deep.equal(pick(attributes, Object.keys(told)))
  expect(time, what).to.match(/^\d{4}-\d\d-\d\dT/)
  expect(Date.parse(time ?? ''), what).to.equal(Date.parse(TIME))
  expect(key, what).to.equal(attributes.partitionkey ?? attributes.subject)
  if (attributes.sequence !== undefined) expect(headers, what).to.include({ sequence: '7' })
  expect(eventPayload instanceof Uint8Array ? Buffer.from(eventPayload) : eventPayload, what).to.deep.equal(payload)
}

function pick(attributes: SdkEvent['attributes'], names: readonly string[]): object {
  return Object.fromEntries(names.map((name) => [name, attributes[name]]))
}

class Liked {
  public readonly text = DATA.text
  public readonly n = DATA.n
  public readonly list = DATA.list
  public entityID(): string {
    return 'post-1'
  }
}

/** Events of ours, and the attributes that SDKs read. */
const OWN: readonly [published: () => Liked[], attributes: readonly Record<string, unknown>[]] = [
  () => [given(PLAIN, PLAIN.source), given(ODD, ODD.source), given(PLAIN, 'my shop')],
  [PLAIN, ODD, { ...PLAIN, source: 'my%20shop' }],
]

function given({ id, type, subject, correlationid }: typeof PLAIN, source: string): Liked {
  const metadata: EventMetadata = { id, type, subject, source, key: subject, time: TIME, correlationId: correlationid }
  return withMetadata(new Liked(), metadata)
}

function expectRead(events: readonly SdkEvent[], expected: readonly SdkEvent['attributes'][]): void {
  for (const [index, { attributes, data }] of events.entries()) {
    const { time, ...rest } = expected[index]
    expect(pick(attributes, Object.keys(rest))).to.deep.equal(rest)
    expect(Date.parse(String(attributes.time))).to.equal(Date.parse(String(time)))
    const { bytes } = data as { readonly bytes?: string }
    expect(bytes === undefined ? data : JSON.parse(Buffer.from(bytes, 'hex').toString())).to.deep.equal(DATA)
  }
  expect(events.length).to.equal(expected.length)
}
