import { strict as assert } from 'node:assert'
import { isHealthReporting } from '@boostercloud/streamer-connector'
import type { HealthReporting } from '@boostercloud/streamer-connector'
import type { StoredEvent } from '@boostercloud/streamers/runtime'
import type { StateStore } from '@boostercloud/streamers/state'
import type { Bench } from '../../bench/bench'
import type { ConformanceCase } from '../../harness/conformance-case'
import { Probe, probes, range } from '../../bench/probe'
import { consume, openState, partsOf } from '../../services/on-bench'
import { Producer } from '../../services/producer'
import { until, within } from '../../bench/within'
import { whileAway } from '../while-away'

const room = 'failure'
const HELD_BACK = 300

/** A producer that is stopped when the case is over. */
async function produce(
  bench: Bench,
  topic: string,
  state: StateStore,
  store?: Map<string, StoredEvent>
): Promise<Producer> {
  const producer = Producer.on(await partsOf(bench, { topic, state }), topic, store)
  bench.atEnd(() => producer.stop())
  return producer
}

async function nothingPending(bench: Bench, state: StateStore): Promise<void> {
  const isEmpty = async (): Promise<boolean> => (await state.counts()).pending === 0
  await until(bench.limitMs, isEmpty, () => 'Nothing pending')
}

/** What an outage of the broker does to a service. */
export const failureOutageCases: readonly ConformanceCase[] = [
  {
    name: 'outage_is_bounded',
    room,
    asserts:
      'While the broker is away commands go on; what they store waits on disk and goes out afterwards, in order, in bounded batches.',
    needs: ['poll', 'harness.broker'],
    async run(bench) {
      const topic = await bench.topic()
      const service = await consume(bench, { topic })
      const state = await openState(bench)
      const producer = await produce(bench, topic, state)
      await producer.start()
      await producer.command(probes('entity-1', 1))
      await nothingPending(bench, state)
      await whileAway(bench, async () => {
        const all = producer.command(probes('entity-1', HELD_BACK, 1))
        await within(bench.limitMs, all, 'Commands while the broker is away')
        assert.equal((await state.counts()).pending, HELD_BACK, 'what waits on disk')
      })
      const effects = (): number => service.journal.of('effect').length
      await service.until(() => effects() >= HELD_BACK + 1, 'The effects of everything that was stored')
      await nothingPending(bench, state)
      const received = service.journal.numbers('effect', 'entity-1')
      if (bench.capabilities.ordering === 'none') received.sort((a, b) => a - b)
      assert.deepEqual(received, range(0, HELD_BACK + 1))
      assert.ok(Math.max(...producer.batches) <= producer.largestBatch, 'no batch is larger than the bound')
    },
  },
  {
    name: 'sweep_after_reconnect',
    room,
    asserts:
      'What an earlier run of a service left unpublished goes out when the broker is back, with nobody storing anything.',
    needs: ['poll', 'harness.broker'],
    async run(bench) {
      const topic = await bench.topic()
      const service = await consume(bench, { topic })
      const state = await openState(bench)
      const store = new Map<string, StoredEvent>()
      const earlier = await produce(bench, topic, state, store)
      await earlier.command(probes('entity-1', 20))
      const later = await produce(bench, topic, state, store)
      await whileAway(bench, async () => {
        await later.start()
        await until(
          bench.limitMs,
          async () => later.batches.length > 0,
          () => 'A try to publish while the broker is away'
        )
      })
      await service.until(() => service.journal.of('effect').length >= 20, 'The effects of what was left')
      await nothingPending(bench, state)
    },
  },
  {
    name: 'order_by_key_reconnect',
    room,
    asserts: 'Events of a key take effect in the order stored, each once, through a restart of the broker.',
    needs: ['poll', 'capabilities.ordering', 'harness.broker'],
    async run(bench) {
      const topic = await bench.topic()
      const service = await consume(bench, { topic })
      const state = await openState(bench)
      const producer = await produce(bench, topic, state)
      await producer.start()
      const keys = ['a', 'b']
      const some = (from: number): Probe[] =>
        range(from, from + 20).flatMap((n) => keys.map((key) => new Probe(key, n)))
      await producer.command(some(0))
      await whileAway(bench, () => producer.command(some(20)))
      await producer.command(some(40))
      await service.until(() => service.journal.of('effect').length >= 120, 'All effects')
      await nothingPending(bench, state)
      await service.atRest()
      for (const key of keys) assert.deepEqual(service.journal.numbers('effect', key), range(0, 60), `key ${key}`)
    },
  },
  {
    name: 'stall_is_unhealthy',
    room,
    asserts: 'A connector whose broker is there but does not answer becomes unhealthy, and healthy again when it does.',
    needs: ['poll', 'HealthReporting', 'harness.broker.stall'],
    async run(bench) {
      const topic = await bench.topic()
      const connector = bench.open()
      assert.ok(isHealthReporting(connector))
      const healthy = async (): Promise<boolean> => (await (connector as HealthReporting).health()).healthy
      const service = await consume(bench, { topic, connector })
      await bench.publish(connector, probes('entity-1', 1), topic)
      await service.until(() => service.journal.of('effect').length === 1, 'An effect')
      await bench.harness.broker?.stall?.()
      try {
        await until(
          bench.limitMs,
          async () => !(await healthy()),
          () => 'Unhealthy while the broker does not answer'
        )
      } finally {
        await bench.harness.broker?.goOn?.()
      }
      await until(bench.limitMs, healthy, () => 'Healthy when the broker answers again')
    },
  },
]
