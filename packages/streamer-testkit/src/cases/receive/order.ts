import { strict as assert } from 'node:assert'
import type { ExternalEvent } from '@boostercloud/streamer-connector'
import type { Bench } from '../../bench/bench'
import type { ConformanceCase } from '../../harness/conformance-case'
import { Probe, numbers, probes, range } from '../../bench/probe'

const room = 'receive'
const PUBLISHERS = 3
const KEYS = 5
const BATCHES = 10

/** Publishes the keys of one publisher, in batches in which they alternate. */
async function publishAlternating(bench: Bench, publisher: number, topic: string): Promise<void> {
  const connector = bench.open()
  for (let n = 0; n < BATCHES; n += 2) {
    const batch = [n, n + 1].flatMap((number) => range(0, KEYS).map((key) => new Probe(`${publisher}/${key}`, number)))
    await bench.publish(connector, batch, topic)
  }
}

const idsOf = (events: readonly ExternalEvent[]): (string | undefined)[] => events.map(({ eventId }) => eventId)
const ascending = (values: number[]): number[] => [...values].sort((a, b) => a - b)

/** What arrives, where, and in which order. */
export const receiveOrderCases: readonly ConformanceCase[] = [
  {
    name: 'order_by_key_steady',
    room,
    asserts:
      'With several publishers at once, the events of each key arrive in the order they were published, each once.',
    needs: ['poll', 'capabilities.ordering'],
    async run(bench) {
      const topic = await bench.topic()
      const reader = await bench.reader(topic)
      const publishing = Promise.all(
        range(0, PUBLISHERS).map((publisher) => publishAlternating(bench, publisher, topic))
      )
      const [received] = await Promise.all([reader.drain(PUBLISHERS * KEYS * BATCHES), publishing])
      for (const publisher of range(0, PUBLISHERS)) {
        for (const key of range(0, KEYS)) {
          assert.deepEqual(
            numbers(received, `${publisher}/${key}`),
            range(0, BATCHES),
            `the events of key ${publisher}/${key}`
          )
        }
      }
      assert.equal(received.length, PUBLISHERS * KEYS * BATCHES)
    },
  },
  {
    name: 'groups_are_independent',
    room,
    asserts: 'Two services that read one topic both get every event.',
    needs: ['poll'],
    async run(bench) {
      const topic = await bench.topic()
      const one = await bench.reader(topic, { appName: `${bench.appName}-one` })
      const other = await bench.reader(topic, { appName: `${bench.appName}-other` })
      await bench.publish(bench.open(), probes('entity-1', 10), topic)
      assert.deepEqual(ascending(numbers(await one.drain(10))), range(0, 10), 'the one gets every event')
      assert.deepEqual(ascending(numbers(await other.drain(10))), range(0, 10), 'the other gets every event too')
    },
  },
  {
    name: 'topics_are_separate',
    room,
    asserts: 'An event arrives on the topic it was published to and on no other, and names that topic.',
    needs: ['poll'],
    async run(bench) {
      const topics = [await bench.topic(), await bench.topic()] as const
      const first = await bench.reader(topics[0])
      const second = await bench.reader(topics[1])
      const publisher = bench.open()
      await bench.publish(publisher, [new Probe('entity-1', 1)], topics[0])
      await bench.publish(publisher, [new Probe('entity-1', 2)], topics[1])
      for (const [reader, n] of [[first, 1] as const, [second, 2] as const]) {
        const received = await reader.drain(1)
        assert.deepEqual(numbers(received), [n])
        assert.equal(received[0]?.streamerTopic, reader.topic, 'streamerTopic')
      }
    },
  },
  {
    name: 'new_subscriber_gets_old_events',
    room,
    asserts: 'A service that reads a topic for the first time gets what was published before.',
    needs: ['poll', 'capabilities.replay'],
    async run(bench) {
      const topic = await bench.topic()
      await bench.publish(bench.open(), probes('entity-1', 5), topic)
      const late = await bench.reader(topic, { appName: `${bench.appName}-late` })
      assert.deepEqual(ascending(numbers(await late.drain(5))), range(0, 5))
    },
  },
  {
    name: 'event_ids_are_unique_and_stable',
    room,
    asserts:
      "Every event has an eventId of its own; where the position is the receiver's, another reader sees the same IDs in the same order.",
    needs: ['poll', 'capabilities'],
    async run(bench) {
      const topic = await bench.topic()
      const reader = await bench.reader(topic)
      await bench.publish(bench.open(), probes('entity-1', 50), topic)
      const ids = idsOf(await reader.drain(50))
      assert.ok(
        ids.every((id) => typeof id === 'string' && id !== ''),
        'every event has an eventId'
      )
      assert.equal(new Set(ids).size, 50, 'no two events have the same eventId')
      if (bench.capabilities.position !== 'receiver') return
      const other = await bench.reader(topic, { appName: `${bench.appName}-other` })
      assert.deepEqual(idsOf(await other.drain(50)), ids)
    },
  },
  {
    name: 'poll_hands_out_bounded_batches',
    room,
    asserts:
      'However much there is, one poll hands out no more than the bound (1,000 events unless the connector says otherwise).',
    needs: ['poll'],
    async run(bench) {
      const topic = await bench.topic()
      const reader = await bench.reader(topic)
      const total = bench.maxBatchEvents * 2 + 1
      await bench.publish(bench.open(), probes('entity-1', total), topic)
      for (let received = 0; received < total;) {
        const batch = await reader.poll()
        assert.ok(batch.length <= bench.maxBatchEvents, `a poll handed out ${batch.length} events`)
        received += batch.length
      }
    },
  },
]
