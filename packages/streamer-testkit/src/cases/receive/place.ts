import { strict as assert } from 'node:assert'
import { isReplayable } from '@boostercloud/streamer-connector'
import type { EventPlace, ExternalEvent } from '@boostercloud/streamer-connector'
import type { Bench } from '../../bench/bench'
import type { ConformanceCase } from '../../harness/conformance-case'
import { Probe, numbers, probeWith, probes } from '../../bench/probe'
import { within } from '../../bench/within'

const room = 'receive'

/** The places of probes, by their numbers. */
function placesOf(events: readonly ExternalEvent[]): Map<number, EventPlace> {
  const places = new Map<number, EventPlace>()
  for (const [index, n] of numbers(events).entries()) {
    const place = events[index]?.place
    assert.ok(place, `event ${n} has a place`)
    assert.deepEqual(places.get(n) ?? place, place, `event ${n} has one place`)
    places.set(n, place)
  }
  return places
}

function assertGrowing(events: readonly ExternalEvent[]): void {
  const last = new Map<string, number>()
  for (const { place } of events) {
    if (place === undefined) continue
    const before = last.get(place.partition)
    assert.ok(Number.isSafeInteger(place.offset), `the offset ${place.offset} is a whole number`)
    assert.ok(before === undefined || place.offset > before, `${place.offset} follows ${before} in its partition`)
    last.set(place.partition, place.offset)
  }
}

async function replayed(bench: Bench, topic: string): Promise<ExternalEvent[]> {
  const connector = bench.open({ appName: `${bench.appName}-replay` })
  if (!isReplayable(connector)) return []
  const events: ExternalEvent[] = []
  const collect = async (): Promise<void> => {
    for await (const event of connector.read(topic, {})) events.push(event)
  }
  await within(bench.limitMs, collect(), 'read()')
  return events
}

/** What a recorder needs of an event besides its payload. */
export const receivePlaceCases: readonly ConformanceCase[] = [
  {
    name: 'places_are_stable',
    room,
    asserts:
      'An event has the same place at each delivery: after a restart, for another service, and in a replay. Offsets grow within a partition, and no two events share one.',
    needs: ['poll', 'capabilities.places'],
    async run(bench) {
      const topic = await bench.topic()
      const reader = await bench.reader(topic)
      const other = await bench.reader(topic, { appName: `${bench.appName}-other` })
      const events = Array.from({ length: 20 }, (_, n) => new Probe(`entity-${n % 5}`, n))
      await bench.publish(bench.open(), events, topic)
      const broker = bench.capabilities.position === 'broker'
      const received = await (broker ? reader.drainUnsettled(20) : reader.drain(20))
      if (bench.capabilities.ordering !== 'none') assertGrowing(received)
      const places = placesOf(received)
      assert.equal(new Set([...places.values()].map((place) => JSON.stringify(place))).size, 20, 'each has its own')
      const successor = await bench.successor(reader, broker ? undefined : received[4]?.eventId)
      const again = await successor.drain(broker ? 20 : 15)
      for (const [n, place] of placesOf(again)) assert.deepEqual(place, places.get(n), `event ${n} after a restart`)
      assert.deepEqual(sorted(placesOf(await other.drain(20))), sorted(places), 'for another service')
      if (bench.capabilities.replay)
        assert.deepEqual(sorted(placesOf(await replayed(bench, topic))), sorted(places), 'in a replay')
    },
  },
  {
    name: 'message_is_as_received',
    room,
    asserts:
      'Each event comes with its message as the broker had it: its bytes and its headers; also one that cannot be decoded.',
    needs: ['poll'],
    async run(bench) {
      const topic = await bench.topic()
      const reader = await bench.reader(topic)
      const publisher = bench.open()
      const body = Buffer.from([0x7b, 0xff, 0x00, 0x22])
      await bench.publish(publisher, [probeWith({ key: 'key-1', headers: { 'x-tenant': 'acme' } })], topic)
      await bench.harness.publishForeign?.(topic, body, {})
      await bench.publish(publisher, probes('entity-1', 1, 1), topic)
      const received = await reader.drain(bench.harness.publishForeign === undefined ? 2 : 3)
      received.forEach(assertMessage)
      const undecodable = received.filter(({ metadata }) => metadata?.undecodable !== undefined)
      for (const { message } of undecodable) assert.deepEqual(bytesOf(message?.body), body, 'undecodable bytes')
      const first = received.find(({ metadata }) => metadata?.key === 'key-1')
      assert.equal(first?.message?.headers['x-tenant'], 'acme', 'a header of the user')
      const decoded: unknown = JSON.parse(bytesOf(first?.message?.body).toString())
      assert.deepEqual({ ...(first?.eventPayload as object) }, decoded, 'what the payload was made of')
    },
  },
]

function sorted(places: ReadonlyMap<number, EventPlace>): [number, EventPlace][] {
  return [...places].sort(([a], [b]) => a - b)
}

function assertMessage({ message, metadata }: ExternalEvent): void {
  assert.ok(message, 'it has its message')
  assert.deepEqual(bytesOf(message.body), bytesOf(metadata?.raw), 'the bytes')
  assert.equal(message.contentType, metadata?.contentType, 'what the bytes are')
}

function bytesOf(body: Uint8Array | undefined): Buffer {
  return Buffer.from(body ?? [])
}
