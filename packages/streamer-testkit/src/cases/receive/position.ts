import { strict as assert } from 'node:assert'
import type { ExternalEvent } from '@boostercloud/streamer-connector'
import type { Bench } from '../../bench/bench'
import type { ConformanceCase } from '../../harness/conformance-case'
import { actAndDie } from '../../bench/other-process'
import { Probe, numbers, probes, range } from '../../bench/probe'
import type { Reader } from '../../bench/reader'

const room = 'receive'
const ascending = (values: number[]): number[] => [...values].sort((a, b) => a - b)

/** Ten events, received and not settled. */
async function tenUnsettled(bench: Bench): Promise<{ reader: Reader; received: ExternalEvent[] }> {
  const topic = await bench.topic()
  const reader = await bench.reader(topic)
  await bench.publish(bench.open(), probes('entity-1', 10), topic)
  const broker = bench.capabilities.position === 'broker'
  return { reader, received: await (broker ? reader.drainUnsettled(10) : reader.drain(10)) }
}

/** That the next session is handed what the last one left, and nothing else. */
async function assertLeft(bench: Bench, reader: Reader, left: ExternalEvent[], settled?: string): Promise<void> {
  const next = await bench.successor(reader, settled)
  assert.deepEqual(
    ascending(numbers(await next.drain(left.length))),
    ascending(numbers(left)),
    'the next session is handed what was left'
  )
}

/** What `lastReceivedEventID` means, within a session and across sessions. */
export const receivePositionCases: readonly ConformanceCase[] = [
  {
    name: 'poll_resumes_from_last_id',
    room,
    asserts:
      'A poll with the ID of an event returns the events after it; the same ID again returns the same events again.',
    needs: ['poll', 'capabilities.position=receiver'],
    async run(bench) {
      const { reader, received } = await tenUnsettled(bench)
      const other = await bench.reader(reader.topic)
      for (const k of [4, 0, 8]) {
        for (const time of ['first', 'second']) {
          const [next] = await other.pollWith(received[k]?.eventId)
          assert.equal(next?.eventId, received[k + 1]?.eventId, `after event ${k}, the ${time} time`)
        }
      }
      const [first] = await other.pollWith(undefined)
      assert.equal(first?.eventId, received[0]?.eventId, 'without an ID, the first event there is')
    },
  },
  {
    name: 'each_event_once_a_session',
    room,
    asserts:
      'Whatever ID a poll hands back, none, an old one, the same again or an unknown one, it returns the next events and repeats none.',
    needs: ['poll', 'capabilities.position=broker'],
    async run(bench) {
      const { reader, received } = await tenUnsettled(bench)
      const publisher = bench.open()
      const marks = [received[4], received[4], undefined, received[2], { eventId: 'of-nobody' }, received[9]]
      for (const [i, mark] of marks.entries()) {
        await bench.publish(publisher, [new Probe('entity-1', 10 + i)], reader.topic)
        received.push(...(await reader.pollWith(mark?.eventId)))
      }
      received.push(...(await reader.drainUnsettled(10 + marks.length - received.length)))
      assert.deepEqual(ascending(numbers(received)), range(0, 10 + marks.length))
    },
  },
  {
    name: 'settled_ids_are_not_redelivered',
    room,
    asserts: 'What was settled before a restart is not handed out after it.',
    needs: ['poll', 'capabilities'],
    async run(bench) {
      const topic = await bench.topic()
      const reader = await bench.reader(topic)
      await bench.publish(bench.open(), probes('entity-1', 10), topic)
      await reader.drain(10)
      await bench.publish(bench.open(), probes('entity-1', 3, 10), topic)
      const next = await bench.successor(reader)
      assert.deepEqual(ascending(numbers(await next.drain(3))), range(10, 13))
    },
  },
  {
    name: 'unsettled_is_redelivered_after_restart',
    room,
    asserts:
      'What was handed out and not settled before a restart is handed out again after it, and nothing before that.',
    needs: ['poll', 'capabilities'],
    async run(bench) {
      const { reader, received } = await tenUnsettled(bench)
      const settled = received[3]?.eventId
      await reader.pollWith(settled)
      await assertLeft(bench, reader, received.slice(4), settled)
    },
  },
  {
    name: 'acknowledge_settles_without_fetching',
    room,
    asserts: 'acknowledge settles as the ID of a poll does; what is after it is handed out again after a restart.',
    needs: ['poll', 'Acknowledging', 'capabilities.position=broker'],
    async run(bench) {
      const { reader, received } = await tenUnsettled(bench)
      const acknowledging = reader.connector as unknown as { acknowledge(id?: string, topic?: string): Promise<void> }
      await acknowledging.acknowledge(received[3]?.eventId, reader.topic)
      await assertLeft(bench, reader, received.slice(4))
    },
  },
  {
    name: 'id_of_another_session_settles_nothing',
    room,
    asserts: 'An ID that an earlier session was handed settles nothing in a later one.',
    needs: ['poll', 'capabilities.position=broker'],
    async run(bench) {
      const { reader, received } = await tenUnsettled(bench)
      const second = await bench.successor(reader)
      await second.drainUnsettled(10)
      await second.pollWith(received[9]?.eventId)
      await assertLeft(bench, second, received)
    },
  },
  {
    name: 'redelivered_after_crash',
    room,
    asserts: 'What a process was handed that then ended as by kill -9 is handed to the next one.',
    needs: ['poll', 'capabilities', 'harness.inOtherProcess'],
    async run(bench) {
      const topic = await bench.topic()
      const known = await bench.reader(topic)
      await bench.close(known.connector)
      await bench.publish(bench.open(), probes('entity-1', 10), topic)
      await actAndDie(bench, 'poll', 10, topic)
      const next = await bench.successor(known)
      assert.deepEqual(ascending(numbers(await next.drain(10))), range(0, 10))
    },
  },
]
