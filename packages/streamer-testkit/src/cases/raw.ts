import { strict as assert } from 'node:assert'
import type { ExternalEvent, RawPublishing, WireMessage } from '@boostercloud/streamer-connector'
import { newEventId } from '@boostercloud/streamer-connector'
import { Probe, probeWith } from '../bench/probe'
import type { Bench } from '../bench/bench'
import { within } from '../bench/within'
import type { ConformanceCase } from '../harness/conformance-case'

/** What tells an event from the others of this case. */
const bodyOf = ({ message }: ExternalEvent): string => Buffer.from(message?.body ?? []).toString('base64')

function messageOf({ message }: ExternalEvent): WireMessage {
  assert.ok(message, 'it has its message')
  return message
}

async function publishedAgain(bench: Bench, recorded: readonly ExternalEvent[]): Promise<ExternalEvent[]> {
  const topic = await bench.topic()
  const reader = await bench.reader(topic)
  const publisher = bench.open() as unknown as RawPublishing
  await within(bench.limitMs, publisher.publishRaw(recorded.map(messageOf), topic), 'publishRaw()')
  return reader.drain(recorded.length)
}

/** A broker may add what it knows of a message that had nothing beside its body. */
function assertKept(before: Readonly<Record<string, string>>, now: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(before)) assert.equal(now[name], value, name)
}

/** That a reader gets of an event that was published again what it got the first time. */
function assertSame(first: ExternalEvent, again: ExternalEvent | undefined): void {
  assert.ok(again, 'the bytes arrive again')
  const [before, now] = [messageOf(first), messageOf(again)]
  assert.deepEqual(now.headers, before.headers, 'headers')
  assertKept(before.attributes, now.attributes)
  const kinds = [before, now].map(({ contentType, contentEncoding }) => ({ contentType, contentEncoding }))
  assert.deepEqual(kinds[1], kinds[0], 'content type and encoding')
  assert.deepEqual(again.eventPayload, first.eventPayload, 'payload')
  const [told = {}, toldAgain = {}] = [first.metadata, again.metadata]
  assert.deepEqual([toldAgain.key, toldAgain.type], [told.key, told.type], 'key and type')
  assert.deepEqual([told.replayed, toldAgain.replayed], [undefined, true], 'metadata.replayed')
}

/** Publishing what was recorded. */
export const rawCases: readonly ConformanceCase[] = [
  {
    name: 'published_again_is_the_same',
    room: 'wire',
    asserts:
      'What publishRaw publishes arrives as the first time: the same bytes, attributes, headers and key, so the same id, type, source and time; marked in metadata.replayed.',
    needs: ['poll', 'RawPublishing'],
    async run(bench) {
      const topic = await bench.topic()
      const reader = await bench.reader(topic)
      const full = {
        id: newEventId(),
        source: 'shop',
        subject: 'entity-1',
        key: 'key-1',
        time: '2026-01-02T03:04:05.678Z',
      }
      const text = 'żółć 日本語 👍 \u2028'
      const events = [
        probeWith({ ...full, version: 3, headers: { 'x-tenant': 'acme' } }, new Probe('entity-1', 0, text)),
        new Probe('entity-2', 1),
      ]
      await bench.publish(bench.open(), events, topic)
      await bench.harness.publishForeign?.(topic, Buffer.from('{"n": 12}'), {})
      const recorded = await reader.drain(bench.harness.publishForeign === undefined ? 2 : 3)
      const again = await publishedAgain(bench, recorded)
      assert.equal(again.length, recorded.length, 'each arrives once')
      for (const first of recorded)
        assertSame(
          first,
          again.find((event) => bodyOf(event) === bodyOf(first))
        )
      const known = again.find(({ metadata }) => metadata?.id === full.id)?.metadata
      assert.deepEqual([known?.source, known?.time, known?.version], ['shop', full.time, 3], 'source, time and version')
    },
  },
]
