import { strict as assert } from 'node:assert'
import { setTimeout as pause } from 'node:timers/promises'
import type { Bench } from '../../bench/bench'
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

/**
 * How long a poll waits in each try. A machine or a disk that is busy may take longer to publish, or to hand out, than a short waiting lasts; a
 * connector that does not wake is late in all of them.
 */
const WAITS_MS = [1_000, 2_000, 4_000, 8_000]

interface Woken {
  readonly emptyMs: number
  readonly tookMs: number
  /** Whether it ended without the event, which a later poll brought. */
  readonly isEmpty: boolean
}

/** How long a poll takes with nothing to hand out, and how long with an event that is published after a quarter of that. */
async function wokenPoll(bench: Bench, pollWaitMs: number): Promise<Woken> {
  const topic = await bench.topic()
  const reader = await bench.reader(topic, { pollWaitMs })
  const publisher = bench.open()
  await bench.publish(publisher, [new Probe('entity-1', 0)], topic)
  await reader.drain(1)
  const emptyMs = Math.min(await emptyPollMs(reader), await emptyPollMs(reader))
  const begin = performance.now()
  const polling = reader.poll().then((events) => ({ events, tookMs: performance.now() - begin }))
  // Its rejection is told where it is awaited.
  polling.catch(() => undefined)
  await pause(emptyMs / 4)
  await bench.publish(publisher, [new Probe('entity-1', 1)], topic)
  const { events, tookMs } = await polling
  const isEmpty = events.length === 0
  assert.deepEqual(numbers(isEmpty ? await reader.drain(1) : events), [1])
  await Promise.all([bench.close(reader.connector), bench.close(publisher)])
  return { emptyMs, tookMs, isEmpty }
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
      const tries: string[] = []
      for (const waitMs of WAITS_MS) {
        const { emptyMs, tookMs, isEmpty } = await wokenPoll(bench, Math.min(waitMs, bench.limitMs / 2))
        if (!isEmpty && tookMs < emptyMs * 0.75) return
        const what = isEmpty ? 'nothing after ' : ''
        tries.push(`${what}${tookMs.toFixed(0)} ms of an empty poll's ${emptyMs.toFixed(0)} ms`)
      }
      assert.fail(`it took ${tries.join(', then ')}`)
    },
  },
]
