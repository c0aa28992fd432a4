import { strict as assert } from 'node:assert'
import { isStreamerError, metadataOf, newEventId } from '@boostercloud/streamer-connector'
import type { EventMetadata, ExternalEvent } from '@boostercloud/streamer-connector'
import type { Bench } from '../bench/bench'
import type { ConformanceCase } from '../harness/conformance-case'
import { Probe, numbers, probeWith } from '../bench/probe'

const room = 'wire'

const FULL: Required<
  Omit<
    EventMetadata,
    | 'headers'
    | 'replayed'
    | 'raw'
    | 'undecodable'
    | 'contentType'
    | 'contentEncoding'
    | 'traceparent'
    | 'tracestate'
    | 'signal'
  >
> = {
  id: '0199aa00-0000-7000-8000-000000000001',
  type: 'Probe',
  version: 3,
  source: 'conformance-source',
  subject: 'entity-1',
  key: 'key-1',
  time: '2026-01-02T03:04:05.678Z',
  correlationId: 'correlation-1',
  causationId: 'causation-1',
}

/** Publishes one event and hands over what arrives. */
async function roundTrip(bench: Bench, event: object): Promise<ExternalEvent> {
  const topic = await bench.topic()
  const reader = await bench.reader(topic)
  await bench.publish(bench.open(), [event], topic)
  return onlyOne(await reader.drain(1))
}

/** Publishes one message as a program that knows nothing of us does, with an event of ours after it; hands over both. */
async function foreign(bench: Bench, body: Uint8Array, headers: Record<string, string>): Promise<ExternalEvent> {
  const topic = await bench.topic()
  const reader = await bench.reader(topic)
  await bench.harness.publishForeign?.(topic, body, headers)
  await bench.publish(bench.open(), [new Probe('entity-1', 99)], topic)
  const received = await reader.drain(2)
  assert.equal(
    received.filter(({ eventPayload }) => (eventPayload as Probe | undefined)?.n === 99).length,
    1,
    'the next event arrives'
  )
  return onlyOne(received.filter(({ eventPayload }) => (eventPayload as Probe | undefined)?.n !== 99))
}

function onlyOne(received: readonly ExternalEvent[]): ExternalEvent {
  assert.equal(received.length, 1, 'one event arrives')
  return received[0] as ExternalEvent
}

function assertSameBytes(actual: Uint8Array | undefined, expected: Uint8Array): void {
  assert.ok(actual, 'metadata.raw has the bytes')
  assert.deepEqual(Buffer.from(actual), Buffer.from(expected))
}

const pick = (metadata: EventMetadata | undefined, names: readonly (keyof EventMetadata)[]): EventMetadata =>
  Object.fromEntries(names.map((name) => [name, metadata?.[name]]))

/** What a connector is held to between publishing and polling. */
export const wireCases: readonly ConformanceCase[] = [
  {
    name: 'metadata_round_trip',
    room,
    asserts:
      'Id, type, version, source, subject, key, time, correlation, causation and headers arrive as given; metadataOf(payload) has them too.',
    needs: ['poll'],
    async run(bench) {
      const { metadata, eventPayload } = await roundTrip(bench, probeWith({ ...FULL, headers: { 'x-tenant': 'acme' } }))
      const names = Object.keys(FULL) as (keyof EventMetadata)[]
      assert.deepEqual(pick(metadata, names), FULL)
      assert.equal(metadata?.headers?.['x-tenant'], 'acme', 'a header of the user')
      assert.deepEqual(pick(metadataOf(eventPayload), names), FULL, 'metadataOf(eventPayload)')
      assert.deepEqual({ ...(eventPayload as object) }, { entity: 'entity-1', n: 0, text: '' }, "the event's fields")
    },
  },
  {
    name: 'same_id_every_time',
    room,
    asserts:
      'An event that was given an id arrives with it, however often it is published, and for every reader; once at least.',
    needs: ['poll'],
    async run(bench) {
      const topic = await bench.topic()
      const readers = [await bench.reader(topic), await bench.reader(topic, { appName: `${bench.appName}-other` })]
      const event = probeWith({ id: newEventId() })
      await bench.publish(bench.open(), [event], topic)
      await bench.publish(bench.open(), [event], topic)
      for (const reader of readers) {
        const ids = (await reader.drain(1)).map(({ metadata }) => metadata?.id)
        assert.deepEqual([...new Set(ids)], [metadataOf(event)?.id])
        assert.ok(ids.length <= 2, `${ids.length} copies of two`)
      }
    },
  },
  {
    name: 'trace_context_round_trip',
    room,
    asserts: 'traceparent and tracestate (W3C Trace Context §3.2, §3.3) arrive as given.',
    needs: ['poll'],
    async run(bench) {
      const trace = {
        traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
        tracestate: 'rojo=00f067aa0ba902b7,congo=t61rcWkgMzE',
      }
      const { metadata } = await roundTrip(bench, probeWith({ ...trace, id: newEventId() }))
      assert.deepEqual(pick(metadata, ['traceparent', 'tracestate']), trace)
    },
  },
  {
    name: 'unicode_and_binary',
    room,
    asserts:
      'Text outside ASCII, control characters and every byte value arrive unchanged in fields, key, subject and headers.',
    needs: ['poll'],
    async run(bench) {
      const every = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code)).join('')
      const text = `${every} żółć 日本語 עברית 👩‍👩‍👧‍👦 e\u0301 \u2028\u2029`
      const key = 'ключ.*.> 日本/👍 "1"'
      const { eventPayload, metadata } = await roundTrip(
        bench,
        probeWith({ id: newEventId(), key, subject: key, headers: { 'x-city': 'Łódź 日本' } }, new Probe(key, 0, text))
      )
      assert.equal((eventPayload as Probe).text, text, 'text')
      assert.deepEqual(pick(metadata, ['key', 'subject']), { key, subject: key })
      assert.equal(metadata?.headers?.['x-city'], 'Łódź 日本', 'header')
    },
  },
  {
    name: 'missing_key',
    room,
    asserts: 'An event without a key and without a class arrives without a key and without a type.',
    needs: ['poll'],
    async run(bench) {
      const { eventPayload, metadata } = await roundTrip(bench, { n: 1 })
      assert.deepEqual({ ...(eventPayload as object) }, { n: 1 })
      assert.equal(metadata?.type, undefined, 'type')
      assert.deepEqual([metadata?.key, metadata?.subject], [undefined, undefined], 'key and subject')
    },
  },
  {
    name: 'foreign_producer_without_headers',
    room,
    asserts:
      'A JSON body from a program that sends nothing beside it arrives as the payload, with its bytes and without a type.',
    needs: ['poll', 'harness.publishForeign'],
    async run(bench) {
      const body = Buffer.from('{ "hello": "wörld" }', 'utf8')
      const { eventPayload, eventId, metadata } = await foreign(bench, body, {})
      assert.deepEqual(eventPayload, { hello: 'wörld' })
      assert.equal(metadata?.type, undefined, 'type')
      assert.equal(metadata?.undecodable, undefined, 'undecodable')
      assertSameBytes(metadata?.raw, body)
      if (bench.capabilities.position !== undefined) assert.ok(eventId, 'it has an eventId')
    },
  },
  {
    name: 'undecodable_is_delivered_as_undecodable',
    room,
    asserts:
      'A body that cannot be read is handed out with metadata.undecodable, its bytes and an eventId, and holds up nothing.',
    needs: ['poll', 'harness.publishForeign'],
    async run(bench) {
      const body = Buffer.from([0x7b, 0xff, 0x00, 0x22])
      const { eventPayload, eventId, metadata } = await foreign(bench, body, {})
      assert.equal(eventPayload, undefined, 'eventPayload')
      assert.ok(
        isStreamerError(metadata?.undecodable, 'EVENT_UNDECODABLE'),
        'metadata.undecodable is an EVENT_UNDECODABLE'
      )
      assertSameBytes(metadata?.raw, body)
      if (bench.capabilities.position !== undefined) assert.ok(eventId, 'it has an eventId')
    },
  },
  {
    name: 'prototype_pollution_is_refused',
    room,
    asserts: 'A body with a member that would reach a prototype is not handed to anybody as an event.',
    needs: ['poll'],
    async run(bench) {
      const topic = await bench.topic()
      const reader = await bench.reader(topic)
      const publisher = bench.open()
      const text = '{ "n": 1, "__proto__": { "polluted": true } }'
      const evil = JSON.parse(text) as object
      const sent = await bench.publish(publisher, [evil], topic).then(
        () => true,
        (thrown: unknown) => {
          if (!isStreamerError(thrown, 'EVENT_NOT_ENCODABLE')) throw thrown
          return false
        }
      )
      const { publishForeign } = bench.harness
      // Who refuses to publish it may be sent it by others.
      if (!sent) await publishForeign?.call(bench.harness, topic, Buffer.from(text), {})
      await bench.publish(publisher, [new Probe('entity-1', 2)], topic)
      const received = await reader.drain(sent || publishForeign ? 2 : 1)
      const decoded = received.filter(({ metadata }) => metadata?.undecodable === undefined)
      assert.deepEqual(numbers(decoded), [2], 'only the harmless event is handed out as one')
      assert.equal(({} as { polluted?: boolean }).polluted, undefined, "Object's prototype is untouched")
    },
  },
]
