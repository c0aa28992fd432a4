import { strict as assert } from 'node:assert'
import { setTimeout as pause } from 'node:timers/promises'
import type { ConformanceCase } from '../../harness/conformance-case'
import { Probe, numbers } from '../../bench/probe'
import type { Reader } from '../../bench/reader'

const room = 'receive'

/** A receiver polls again at once: an empty poll that took less than this would keep a core busy. */
const LEAST_WAIT_MS = 10

/** How long a poll of a connector that has connected, on a topic with nothing new, takes. */
async function emptyPollMs(reader: Reader): Promise<number> {
  const begin = performance.now()
  assert.deepEqual(await reader.poll(), [], 'there is nothing to hand out')
  return performance.now() - begin
}

/** How a poll waits. */
export const receiveWaitingCases: readonly ConformanceCase[] = [
  {
    name: 'empty_poll_waits_then_returns',
    room,
    asserts: 'A poll with nothing to hand out waits a short while, at least 10 ms, and resolves with an empty array.',
    needs: ['poll'],
    async run(bench) {
      const reader = await bench.reader(await bench.topic())
      await emptyPollMs(reader)
      const waits = [await emptyPollMs(reader), await emptyPollMs(reader), await emptyPollMs(reader)]
      assert.ok(
        Math.min(...waits) >= LEAST_WAIT_MS,
        `empty polls took ${waits.map((ms) => ms.toFixed(1)).join(', ')} ms`
      )
    },
  },
  {
    name: 'waiting_poll_wakes',
    room,
    asserts:
      'A poll that waits hands out an event that another connector publishes long before its waiting would have ended.',
    needs: ['poll'],
    async run(bench) {
      const topic = await bench.topic()
      const reader = await bench.reader(topic, { pollWaitMs: Math.min(1_000, bench.limitMs / 2) })
      const publisher = bench.open()
      await bench.publish(publisher, [new Probe('entity-1', 0)], topic)
      await reader.drain(1)
      const emptyMs = await emptyPollMs(reader)
      const begin = performance.now()
      const polling = reader.poll()
      await pause(emptyMs / 4)
      await bench.publish(publisher, [new Probe('entity-1', 1)], topic)
      assert.deepEqual(numbers(await polling), [1])
      const tookMs = performance.now() - begin
      assert.ok(tookMs < emptyMs * 0.75, `it took ${tookMs.toFixed(0)} ms of an empty poll's ${emptyMs.toFixed(0)} ms`)
    },
  },
]
