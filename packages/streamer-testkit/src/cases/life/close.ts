import { strict as assert } from 'node:assert'
import { setTimeout as pause } from 'node:timers/promises'
import { isAcknowledging, isReplayable, isStreamerError } from '@boostercloud/streamer-connector'
import type { Closable } from '@boostercloud/streamer-connector'
import type { Bench } from '../../bench/bench'
import type { OpenConnector } from '../../bench/open-connector'
import type { ConformanceCase } from '../../harness/conformance-case'
import { numbers, probes, range } from '../../bench/probe'
import { Reader } from '../../bench/reader'
import { within } from '../../bench/within'

const room = 'life'
const needs = ['poll', 'Closable'] as const

/** A connector that has published and polled, and so holds whatever it holds. */
async function used(bench: Bench, topic: string, pollWaitMs?: number): Promise<OpenConnector & Closable> {
  // A first poll has nothing to hand out: one that waits long comes when the service is known.
  const known = await bench.reader(topic)
  const reader = new Reader(bench.open({ pollWaitMs }), topic, bench.limitMs)
  await bench.close(known.connector)
  await bench.publish(reader.connector, probes('entity-1', 1), topic)
  await reader.collect((received) => received.length > 0, 'the first event')
  return reader.connector as OpenConnector & Closable
}

const EVENTS_UNDER_WAY = 200

/** Whether a publish resolves that is under way for some turns of the event loop when close comes. It may reject with a StreamerError. */
async function publishAndClose(bench: Bench, topic: string, entity: string, turns: number): Promise<boolean> {
  const publisher = bench.open()
  await bench.publish(publisher, [], topic)
  const publishing = bench.publish(publisher, probes(entity, EVENTS_UNDER_WAY), topic).then(
    () => true,
    (thrown: unknown) => {
      if (!isStreamerError(thrown)) throw thrown
      return false
    }
  )
  for (let turn = 0; turn < turns; turn++) await new Promise(setImmediate)
  const [resolved] = await Promise.all([publishing, bench.close(publisher)])
  return resolved
}

const isClosed = (thrown: unknown): boolean => isStreamerError(thrown, 'CLOSED')
const ascending = (values: number[]): number[] => [...values].sort((a, b) => a - b)

/** Ending. */
export const lifeCloseCases: readonly ConformanceCase[] = [
  {
    name: 'close_twice',
    room,
    asserts: 'A second close resolves like the first, also on a connector that was never used.',
    needs,
    async run(bench) {
      for (const connector of [await used(bench, await bench.topic()), bench.open()]) {
        await bench.close(connector)
        await bench.close(connector)
      }
    },
  },
  {
    name: 'concurrent_close',
    room,
    asserts: 'Several calls of close at once all resolve.',
    needs,
    async run(bench) {
      const connector = await used(bench, await bench.topic())
      await Promise.all([bench.close(connector), bench.close(connector), bench.close(connector)])
    },
  },
  {
    name: 'close_ends_waiting_poll',
    room,
    asserts:
      'close ends a poll that waits: it resolves with an empty array or rejects with CLOSED, long before its waiting would have ended.',
    needs,
    async run(bench) {
      const topic = await bench.topic()
      const connector = await used(bench, topic, bench.limitMs * 3)
      const cursor = bench.capabilities.position === 'receiver' ? await newestId(bench, topic) : undefined
      const polling = connector.poll(topic, cursor).catch((thrown: unknown) => {
        if (!isClosed(thrown)) throw thrown
        return []
      })
      await pause(50)
      await bench.close(connector)
      assert.deepEqual(await within(bench.limitMs, polling, 'The poll that close should end'), [])
    },
  },
  {
    name: 'use_after_close_rejects_closed',
    room,
    asserts: 'After close, publish, poll, acknowledge and read reject with CLOSED.',
    needs,
    async run(bench) {
      const topic = await bench.topic()
      const connector = await used(bench, topic)
      await bench.close(connector)
      await assert.rejects(bench.publish(connector, probes('entity-1', 1), topic), isClosed, 'publish()')
      await assert.rejects(within(bench.limitMs, connector.poll(topic), 'poll()'), isClosed, 'poll()')
      if (isAcknowledging(connector)) await assert.rejects(connector.acknowledge('0', topic), isClosed, 'acknowledge()')
      if (isReplayable(connector)) {
        const read = connector.read(topic, {})[Symbol.asyncIterator]()
        await assert.rejects(within(bench.limitMs, read.next(), 'read()'), isClosed, 'read()')
      }
    },
  },
  {
    name: 'close_keeps_the_word_of_publish',
    room,
    asserts:
      'When close comes during a publish, either publish resolves and every event arrives, or it rejects with a StreamerError.',
    needs,
    async run(bench) {
      const topic = await bench.topic()
      const reader = await bench.reader(topic)
      for (const turns of [0, 1, 2, 4, 8]) {
        const entity = `after ${turns} turns`
        const resolved = await publishAndClose(bench, topic, entity, turns)
        const received = await reader.drain(resolved ? EVENTS_UNDER_WAY : 0)
        if (resolved)
          assert.deepEqual(ascending(numbers(received, entity)), range(0, EVENTS_UNDER_WAY), `close ${entity}`)
      }
    },
  },
  {
    name: 'continues_after_close',
    room,
    asserts:
      'Through three sessions of one service, each goes on where the former stopped, and every event arrives once.',
    needs: ['poll', 'capabilities'],
    async run(bench) {
      const topic = await bench.topic()
      let reader = await bench.reader(topic)
      for (const from of [0, 5, 10]) {
        await bench.publish(bench.open(), probes('entity-1', 5, from), topic)
        assert.deepEqual(ascending(numbers(await reader.drain(5))), range(from, from + 5))
        reader = await bench.successor(reader)
      }
    },
  },
]

async function newestId(bench: Bench, topic: string): Promise<string | undefined> {
  const reader = await bench.reader(topic, { appName: `${bench.appName}-newest` })
  return (await reader.drain(1)).at(-1)?.eventId
}
