import { strict as assert } from 'node:assert'
import { isPartialPublishError, isStreamerError, metadataOf } from '@boostercloud/streamer-connector'
import type { StreamerErrorCode } from '@boostercloud/streamer-connector'
import type { Bench } from '../bench/bench'
import type { ConformanceCase } from '../harness/conformance-case'
import { actAndDie } from '../bench/other-process'
import { Probe, numbers, probeWith, probes, range } from '../bench/probe'

const room = 'publish'

/** That nothing of a bad batch is sent: it rejects with the code, and only what is published after it arrives. */
async function refusesWholeBatch(bench: Bench, bad: object, code: StreamerErrorCode): Promise<void> {
  const topic = await bench.topic()
  const reader = await bench.reader(topic)
  const publisher = bench.open()
  const batch = [new Probe('entity-1', 0), bad, new Probe('entity-1', 2)]
  await assert.rejects(
    bench.publish(publisher, batch, topic),
    (thrown) => isStreamerError(thrown, code),
    `publish() rejects with ${code}`
  )
  await bench.publish(publisher, [new Probe('entity-1', 3)], topic)
  assert.deepEqual(numbers(await reader.drain(1)), [3], 'nothing of the refused batch arrives')
}

/** Numbers as they must have arrived: in order, except where the connector orders nothing. */
function assertComplete(bench: Bench, received: number[], expected: number[]): void {
  const sorted = bench.capabilities.ordering === 'none' ? [...received].sort((a, b) => a - b) : received
  assert.deepEqual(sorted, expected)
}

/** What a connector is held to when it publishes. */
export const publishCases: readonly ConformanceCase[] = [
  {
    name: 'ack_is_durable',
    room,
    asserts:
      'Every event whose publish has resolved arrives, although its publisher (and the broker, where it may be killed) then died.',
    needs: ['poll', 'capabilities.durable', 'harness.inOtherProcess'],
    async run(bench) {
      const topic = await bench.topic()
      const reader = await bench.reader(topic)
      await actAndDie(bench, 'publish', 100, topic)
      await bench.harness.broker?.kill()
      await bench.harness.broker?.start()
      await reader.collect((received) => new Set(numbers(received)).size === 100, 'every event of the dead publisher')
    },
  },
  {
    name: 'partial_failure_names_what_failed',
    room,
    asserts:
      'When the broker refuses some events of a batch, publish rejects with a PartialPublishError naming just these; the others arrive.',
    needs: ['poll', 'harness.refuseNext'],
    async run(bench) {
      const topic = await bench.topic()
      const reader = await bench.reader(topic)
      const publisher = bench.open()
      await bench.harness.refuseNext?.([1, 3])
      await assert.rejects(bench.publish(publisher, probes('entity-1', 5), topic), (thrown) => {
        assert.ok(isPartialPublishError(thrown), `publish() rejects with a PartialPublishError, not ${String(thrown)}`)
        assert.deepEqual(
          thrown.failed.map(({ index }) => index),
          [1, 3]
        )
        return true
      })
      assertComplete(bench, numbers(await reader.drain(3)), [0, 2, 4])
    },
  },
  {
    name: 'batch_split_by_count',
    room,
    asserts: 'One publish of 2,500 events arrives complete and in order, whatever the broker takes at once.',
    needs: ['poll'],
    async run(bench) {
      const topic = await bench.topic()
      const reader = await bench.reader(topic)
      await bench.publish(bench.open(), probes('entity-1', 2_500), topic)
      assertComplete(bench, numbers(await reader.drain(2_500)), range(0, 2_500))
    },
  },
  {
    name: 'batch_split_by_bytes',
    room,
    asserts: 'One publish of five events near the largest size arrives complete, unchanged and in order.',
    needs: ['poll', 'capabilities.maxEventBytes'],
    async run(bench) {
      const topic = await bench.topic()
      const reader = await bench.reader(topic)
      const text = 'x'.repeat(Math.floor((bench.capabilities.maxEventBytes as number) * 0.9) - 1_000)
      const large = range(0, 5).map((n) => new Probe('entity-1', n, text))
      await bench.publish(bench.open(), large, topic)
      const received = await reader.drain(5)
      assertComplete(bench, numbers(received), range(0, 5))
      assert.ok(
        received.every(({ eventPayload }) => (eventPayload as Probe).text === text),
        'every event has its whole text'
      )
    },
  },
  {
    name: 'oversize_rejected_before_send',
    room,
    asserts:
      'A batch with an event larger than capabilities.maxEventBytes rejects with EVENT_TOO_LARGE, and nothing of it arrives.',
    needs: ['poll', 'capabilities.maxEventBytes'],
    run: (bench) =>
      refusesWholeBatch(
        bench,
        new Probe('entity-1', 1, 'x'.repeat((bench.capabilities.maxEventBytes as number) + 1)),
        'EVENT_TOO_LARGE'
      ),
  },
  {
    name: 'not_encodable_rejected_before_send',
    room,
    asserts:
      'A batch with an event that has no encoded form rejects with EVENT_NOT_ENCODABLE, and nothing of it arrives.',
    needs: ['poll'],
    run(bench) {
      const endless = Object.assign(new Probe('entity-1', 1), { itself: {} })
      endless.itself = endless
      return refusesWholeBatch(bench, endless, 'EVENT_NOT_ENCODABLE')
    },
  },
  {
    name: 'empty_publish_is_nothing',
    room,
    asserts: 'Publishing no events resolves and sends nothing.',
    needs: ['poll'],
    async run(bench) {
      const topic = await bench.topic()
      const reader = await bench.reader(topic)
      const publisher = bench.open()
      await bench.publish(publisher, [], topic)
      await bench.publish(publisher, [new Probe('entity-1', 7)], topic)
      assert.deepEqual(numbers(await reader.drain(1)), [7])
    },
  },
  {
    name: 'publish_keeps_input_untouched',
    room,
    asserts: 'The array given to publish, its events and what stands beside them are the same afterwards.',
    needs: ['poll'],
    async run(bench) {
      const topic = await bench.topic()
      const events = [probeWith({ id: 'id-1' }), ...probes('entity-2', 3)]
      const [objects, copies, metadata] = [[...events], structuredClone(events), events.map(metadataOf)]
      await bench.publish(bench.open(), events, topic)
      assert.equal(events.length, objects.length, 'the array is as long as before')
      events.forEach((event, i) => assert.equal(event, objects[i], 'the array holds the same objects'))
      assert.deepEqual(structuredClone(events), copies, 'the events have the same fields')
      assert.deepEqual(events.map(metadataOf), metadata, 'the metadata is the same')
    },
  },
]
