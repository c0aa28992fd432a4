import { strict as assert } from 'node:assert'
import { setTimeout as pause } from 'node:timers/promises'
import { isStreamerError } from '@boostercloud/streamer-connector'
import type { HealthReporting } from '@boostercloud/streamer-connector'
import type { ConformanceCase } from '../conformance-case'
import { Probe, numbers, probes } from '../probe'
import { until } from '../within'
import { whileAway } from './while-away'

const room = 'life'

/** What an outage of the broker does. */
export const lifeBrokerCases: readonly ConformanceCase[] = [
  {
    name: 'reconnects_after_broker_restart',
    room,
    asserts:
      'The same connectors publish and poll again after the broker was killed, a publish was tried meanwhile, and it came back.',
    needs: ['poll', 'harness.broker'],
    async run(bench) {
      const topic = await bench.topic()
      const reader = await bench.reader(topic)
      const publisher = bench.open()
      await bench.publish(publisher, [new Probe('entity-1', 0)], topic)
      await reader.drain(1)
      const tryToPublish = (): Promise<boolean> =>
        bench.publish(publisher, [new Probe('entity-1', 1)], topic).then(
          () => true,
          (thrown: unknown) => {
            if (isStreamerError(thrown) && thrown.retryable) return false
            throw thrown
          }
        )
      let first = Promise.resolve(false)
      await whileAway(bench, async () => {
        first = tryToPublish()
        await Promise.race([first, pause(200)])
      })
      await until(
        bench.limitMs,
        async () => (await first) || tryToPublish(),
        () => 'A publish that resolves after the restart'
      )
      await reader.collect((received) => numbers(received).includes(1), 'the event published after the restart')
    },
  },
  {
    name: 'publish_while_away_rejects',
    room,
    asserts: 'While the broker is away, publish does not resolve: it rejects with a retryable StreamerError.',
    needs: ['poll', 'harness.broker'],
    async run(bench) {
      const topic = await bench.topic()
      const publisher = bench.open()
      await bench.publish(publisher, probes('entity-1', 1), topic)
      await whileAway(bench, () =>
        assert.rejects(
          bench.publish(publisher, probes('entity-1', 1, 1), topic),
          (thrown) => isStreamerError(thrown) && thrown.retryable,
          'publish() rejects with a retryable StreamerError'
        )
      )
    },
  },
  {
    name: 'close_while_disconnected_ends',
    room,
    asserts: 'close resolves while the broker is away.',
    needs: ['poll', 'Closable', 'harness.broker'],
    async run(bench) {
      const topic = await bench.topic()
      const reader = await bench.reader(topic)
      await bench.publish(reader.connector, probes('entity-1', 1), topic)
      await reader.drain(1)
      await whileAway(bench, () => bench.close(reader.connector))
    },
  },
  {
    name: 'health_follows_the_broker',
    room,
    asserts: 'While the broker is away the connector becomes unhealthy, and healthy again when it is back.',
    needs: ['poll', 'HealthReporting', 'harness.broker'],
    async run(bench) {
      const connector = bench.open()
      await bench.publish(connector, probes('entity-1', 1), await bench.topic())
      const health = async (): Promise<boolean> => (await (connector as unknown as HealthReporting).health()).healthy
      await whileAway(bench, () =>
        until(
          bench.limitMs,
          async () => !(await health()),
          () => 'Unhealthy while the broker is away'
        )
      )
      await until(bench.limitMs, health, () => 'Healthy when the broker is back')
    },
  },
]
