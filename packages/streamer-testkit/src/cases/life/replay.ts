import { strict as assert } from 'node:assert'
import { setTimeout as pause } from 'node:timers/promises'
import type { ExternalEvent, Replayable, ReplayRange } from '@boostercloud/streamer-connector'
import type { Bench } from '../../bench/bench'
import type { ConformanceCase } from '../../harness/conformance-case'
import { numbers, probes, range } from '../../bench/probe'
import { within } from '../../bench/within'

const room = 'life'
const needs = ['poll', 'Replayable'] as const

/** Everything in a range. Ends where the log ends. */
async function replayed(bench: Bench, topic: string, within_: ReplayRange): Promise<ExternalEvent[]> {
  const connector = bench.open({ appName: `${bench.appName}-replay` }) as unknown as Replayable
  const collect = async (): Promise<ExternalEvent[]> => {
    const events: ExternalEvent[] = []
    for await (const event of connector.read(topic, within_)) events.push(event)
    return events
  }
  return within(bench.limitMs, collect(), 'read()')
}

/** An instant that lies apart from everything before it and after it, by the clock of this machine. */
async function apart(): Promise<Date> {
  await pause(20)
  const instant = new Date()
  await pause(20)
  return instant
}

/** Reading old events again. */
export const lifeReplayCases: readonly ConformanceCase[] = [
  {
    name: 'replay_moves_no_position',
    room,
    asserts:
      "A replay hands out every event in order, and neither its service's nor another's next poll is another one for it.",
    needs,
    async run(bench) {
      const topic = await bench.topic()
      const reader = await bench.reader(topic)
      const sameService = await bench.reader(topic, { appName: `${bench.appName}-replay` })
      await bench.publish(bench.open(), probes('entity-1', 5), topic)
      await reader.drain(5)
      await bench.publish(bench.open(), probes('entity-1', 5, 5), topic)
      assert.deepEqual(numbers(await replayed(bench, topic, {})), range(0, 10), 'the replay')
      assert.deepEqual(numbers(await reader.drain(5)), range(5, 10), 'the next poll of another service')
      assert.deepEqual(numbers(await sameService.drain(10)), range(0, 10), 'the next poll of the same service')
    },
  },
  {
    name: 'replay_by_time',
    room,
    asserts: 'A replay from a time hands out what came since, a replay up to a time what came before.',
    needs,
    async run(bench) {
      const topic = await bench.topic()
      const publisher = bench.open()
      await bench.publish(publisher, probes('entity-1', 3), topic)
      const between = await apart()
      await bench.publish(publisher, probes('entity-1', 3, 3), topic)
      assert.deepEqual(numbers(await replayed(bench, topic, { from: between })), range(3, 6), 'from')
      assert.deepEqual(numbers(await replayed(bench, topic, { to: between })), range(0, 3), 'to')
    },
  },
  {
    name: 'replay_by_position',
    room,
    asserts: 'A replay from a position hands out its event first, a replay up to a position ends before its event.',
    needs,
    async run(bench) {
      const topic = await bench.topic()
      await bench.publish(bench.open(), probes('entity-1', 6), topic)
      const ids = (await replayed(bench, topic, {})).map(({ eventId }) => eventId)
      assert.deepEqual(numbers(await replayed(bench, topic, { from: ids[2] })), range(2, 6), 'from')
      assert.deepEqual(numbers(await replayed(bench, topic, { from: ids[1], to: ids[4] })), range(1, 4), 'from and to')
    },
  },
]
