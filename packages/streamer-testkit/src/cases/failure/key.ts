import { strict as assert } from 'node:assert'
import type { ConformanceCase } from '../../harness/conformance-case'
import { Probe, probes, range } from '../../bench/probe'
import type { Consumer } from '../../services/consumer'
import { consume, gate } from '../../services/on-bench'
import { linkTo } from '../../services/parts'

const room = 'failure'
const KEYS = ['a', 'b', 'c', 'd']
const HOUR_MS = 3_600_000

/** Events of all keys, alternating. */
const alternating = (from: number, to: number): Probe[] =>
  range(from, to).flatMap((n) => KEYS.map((key) => new Probe(key, n)))

function assertInOrder({ journal }: Consumer, keys: readonly string[], expected: readonly number[]): void {
  for (const key of keys) assert.deepEqual(journal.numbers('effect', key), expected, `the effects of key ${key}`)
}

/** How keys stand to each other. */
export const failureKeyCases: readonly ConformanceCase[] = [
  {
    name: 'poison_blocks_only_its_key',
    room,
    asserts: 'An event that keeps failing holds back those of its key that follow, in order, and no others.',
    needs: ['poll', 'capabilities.ordering'],
    async run(bench) {
      const topic = await bench.topic()
      const retry = { attempts: 3, firstDelayMs: HOUR_MS, factor: 1, maxDelayMs: HOUR_MS, jitter: 0 }
      const service = await consume(bench, {
        topic,
        links: [linkTo(topic, { retry })],
        handle: ({ entity, n }) => {
          if (entity === 'a' && n === 1) throw new Error('poison')
        },
      })
      await bench.publish(bench.open(), alternating(0, 5), topic)
      await service.until(
        async () => (await service.state.counts()).parked === 4,
        'The poison and its followers, parked'
      )
      await service.until(() => service.journal.of('effect').length === 16, 'The effects of all others')
      assertInOrder(service, ['b', 'c', 'd'], range(0, 5))
      assertInOrder(service, ['a'], [0])
    },
  },
  {
    name: 'order_by_key_retry',
    room,
    asserts: 'Events of a key take effect in the order published, each once, also where some fail at first.',
    needs: ['poll', 'capabilities.ordering'],
    async run(bench) {
      const topic = await bench.topic()
      const failed = new Set<string>()
      const service = await consume(bench, {
        topic,
        handle: ({ entity, n }) => {
          if (n % 3 !== 1 || failed.has(`${entity}${n}`)) return
          failed.add(`${entity}${n}`)
          throw new Error('at first')
        },
      })
      await bench.publish(bench.open(), alternating(0, 10), topic)
      await service.until(() => service.journal.of('effect').length >= 40, 'The effects of all events')
      await service.atRest()
      assertInOrder(service, KEYS, range(0, 10))
    },
  },
  {
    name: 'slow_key_blocks_no_other',
    room,
    asserts: 'While a handler is at an event of one key, events of other keys take effect.',
    needs: ['poll'],
    async run(bench) {
      const topic = await bench.topic()
      const held = gate(bench)
      const service = await consume(bench, {
        topic,
        handle: ({ entity }) => (entity === 'a' ? held.opened : undefined),
      })
      await bench.publish(bench.open(), alternating(0, 5), topic)
      await service.until(() => service.journal.of('effect').length === 15, 'The effects of the other keys')
      assertInOrder(service, ['a'], [])
      held.open()
      await service.until(() => service.journal.of('effect').length === 20, 'The effects of the slow key')
      assert.deepEqual([...service.journal.numbers('effect', 'a')].sort(), range(0, 5))
    },
  },
  {
    name: 'slow_handler_keeps_membership',
    room,
    asserts:
      'While a handler takes its time, nothing is handed out a second time, and what is published meanwhile comes.',
    needs: ['poll', 'capabilities'],
    async run(bench) {
      const topic = await bench.topic()
      const held = gate(bench)
      const service = await consume(bench, {
        topic,
        handle: ({ entity }) => (entity === 'a' ? held.opened : undefined),
      })
      const publisher = bench.open()
      await bench.publish(publisher, probes('a', 3), topic)
      const end = Date.now() + (bench.options.slowHandlerMs ?? Math.min(2_000, bench.limitMs / 3))
      for (let n = 0; Date.now() < end; n += 1) {
        await bench.publish(publisher, probes('b', 1, n), topic)
        await service.until(
          () => service.journal.numbers('effect', 'b').includes(n),
          `The effect of event ${n} meanwhile`
        )
      }
      held.open()
      await service.until(() => service.journal.numbers('effect', 'a').length === 3, 'The effects of the slow key')
      const ids = service.handedOut.map(({ eventId }) => eventId)
      assert.equal(new Set(ids).size, ids.length, 'how many different events were handed out')
    },
  },
]
