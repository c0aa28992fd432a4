import { strict as assert } from 'node:assert'
import { isStreamerError } from '@boostercloud/streamer-connector'
import type { ExternalEvent } from '@boostercloud/streamer-connector'
import type { ConformanceCase } from '../harness/conformance-case'
import { Probe, numbers } from '../bench/probe'
import { FOREIGN_VALUES, OWN_VALUES, REFUSED_VALUES, STRUCTURED } from '../values/table'
import type { ForeignValue, OwnValue } from '../values/table'

const room = 'wire'

/** An event with a value in a field. */
interface Holder {
  readonly name: string
  readonly value: unknown
}

const holding = ({ name, value }: OwnValue): Holder => ({ name, value: value() })

function isOf({ record: { body } }: ForeignValue, { metadata }: ExternalEvent): boolean {
  return Buffer.compare(metadata?.raw ?? Buffer.alloc(0), body) === 0
}

/** Bytes are compared as bytes, in whatever class they come. */
function plain(payload: unknown): unknown {
  return payload instanceof Uint8Array ? Buffer.from(payload) : payload
}

function assertArrived(foreign: ForeignValue, event: ExternalEvent): void {
  const { name, record, arrives, because = '' } = foreign
  const { undecodable, time, contentType, contentEncoding } = event.metadata ?? {}
  if (arrives === undefined) {
    assert.ok(isStreamerError(undecodable, 'EVENT_UNDECODABLE'), `${name}: it is handed out as an event`)
    assert.ok(
      undecodable.message.includes(because),
      `${name}: the dead letter says '${because}', not: ${undecodable.message}`
    )
    return
  }
  assert.equal(undecodable, undefined, `${name}: ${undecodable?.message}`)
  assert.deepEqual(plain(event.eventPayload), arrives.payload, name)
  if (arrives.time !== undefined) assert.equal(time, arrives.time, `${name}: its time`)
  assert.equal(contentEncoding, record.contentEncoding, `${name}: its content encoding`)
  // The content type of a structured event is that of its envelope.
  if (record.contentType !== STRUCTURED) assert.equal(contentType, record.contentType, `${name}: its content type`)
}

/** What becomes of values: `docs/reference/values.md` is made of the same tables. */
export const valueCases: readonly ConformanceCase[] = [
  {
    name: 'values_round_trip',
    room,
    asserts: 'Numbers, texts, times and what has a form in JSON arrive as what they are.',
    needs: ['poll'],
    async run(bench) {
      const topic = await bench.topic()
      const reader = await bench.reader(topic)
      await bench.publish(bench.open(), OWN_VALUES.map(holding), topic)
      const received = await reader.drain(OWN_VALUES.length)
      const byName = new Map(
        received.map(({ eventPayload }) => [(eventPayload as Holder).name, eventPayload as Holder])
      )
      for (const own of OWN_VALUES) {
        const expected = 'arrives' in own ? own.arrives : own.value()
        assert.deepEqual(byName.get(own.name), { name: own.name, value: expected }, own.name)
      }
    },
  },
  {
    name: 'values_without_a_form_are_refused',
    room,
    asserts: 'An event with a value that JSON has not is refused, and nothing of it is sent.',
    needs: ['poll'],
    async run(bench) {
      const topic = await bench.topic()
      const reader = await bench.reader(topic)
      const publisher = bench.open()
      for (const own of REFUSED_VALUES) {
        const refusal = await bench.publish(publisher, [holding(own)], topic).catch((thrown: unknown) => thrown)
        assert.ok(isStreamerError(refusal, 'EVENT_NOT_ENCODABLE'), `${own.name}: ${String(refusal)}`)
        assert.ok(refusal.message.includes("'value"), `${own.name}: the field is named, in: ${refusal.message}`)
      }
      await bench.publish(publisher, [new Probe('entity-1', 1)], topic)
      assert.deepEqual(numbers(await reader.drain(1)), [1], 'only the event that has a form arrives')
    },
  },
  {
    name: 'foreign_values_arrive_or_are_refused',
    room,
    asserts:
      'What other producers write, in any charset, packing and form of CloudEvents, arrives as what it is, with its content type and encoding, or is a dead letter that says why.',
    needs: ['poll', 'harness.publishRaw'],
    async run(bench) {
      const topic = await bench.topic()
      const reader = await bench.reader(topic)
      const sent: ForeignValue[] = []
      for (const foreign of FOREIGN_VALUES)
        if (await bench.harness.publishRaw?.(topic, foreign.record)) sent.push(foreign)
      const received = await reader.drain(sent.length)
      for (const foreign of sent) {
        const event = received.find((each) => isOf(foreign, each))
        assert.ok(event, `${foreign.name}: nothing with its bytes arrives`)
        assertArrived(foreign, event)
      }
    },
  },
]
