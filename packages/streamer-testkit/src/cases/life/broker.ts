import { strict as assert } from 'node:assert'
import { setTimeout as pause } from 'node:timers/promises'
import { isAttachable, isPolling, isStreamerError } from '@boostercloud/streamer-connector'
import type { HealthReporting, StreamerConnector } from '@boostercloud/streamer-connector'
import { SilentServer } from '../../bench/silent-server'
import type { OpenConnector } from '../../bench/open-connector'
import type { ConformanceCase } from '../../harness/conformance-case'
import { Probe, numbers, probes } from '../../bench/probe'
import { until, within } from '../../bench/within'
import { whileAway } from '../while-away'

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
  {
    name: 'silent_broker_leaves_nothing',
    room,
    asserts:
      'Where a broker takes connections and never answers, publish rejects with a retryable StreamerError, poll ends too, and no connection stays after close.',
    needs: ['harness.at'],
    async run(bench) {
      const silent = await SilentServer.listen()
      bench.atEnd(() => silent.close())
      const connector = bench.harness.at?.(silent.port) as StreamerConnector
      bench.adopt(connector)
      if (isAttachable(connector)) connector.attach(bench.context())
      const polling = isPolling(connector) ? connector : undefined
      for (const n of [0, 1, 2]) {
        await assert.rejects(
          bench.publish(connector, probes('entity-1', 1, n), 'posts'),
          (thrown) => isStreamerError(thrown) && thrown.retryable,
          'publish() rejects with a retryable StreamerError'
        )
        const polled = await within(bench.limitMs, polling?.poll('posts').catch(identity) ?? none(), 'poll()')
        assert.ok(
          isStreamerError(polled) || Array.isArray(polled),
          'poll() rejects with a StreamerError, if it rejects'
        )
      }
      assert.ok(silent.connectionsSeen > 0, 'the connector connects to the port that it was given')
      await bench.close(connector as OpenConnector)
      await until(
        bench.limitMs,
        async () => silent.connections === 0,
        () => `The end of ${silent.connections} of ${silent.connectionsSeen} connections`
      )
    },
  },
]

const identity = (thrown: unknown): unknown => thrown
const none = async (): Promise<[]> => []
