import { strict as assert } from 'node:assert'
import { isAttachable, isHealthReporting, isPolling, isPushed, isStreamerError } from '@boostercloud/streamer-connector'
import type {
  HealthReporting,
  Provisionable,
  StreamerConnector,
  StreamerCapabilities,
} from '@boostercloud/streamer-connector'
import type { OpenConnector } from '../../bench/open-connector'
import type { ConformanceCase } from '../../harness/conformance-case'
import { Probe, numbers, probes, range } from '../../bench/probe'
import { Reader } from '../../bench/reader'

const room = 'life'

/** That capabilities hold what the contract says they may hold. */
function assertWellFormed(capabilities: StreamerCapabilities): void {
  assert.ok(['broker', 'receiver'].includes(capabilities.position), 'capabilities.position')
  assert.ok(['key', 'topic', 'none'].includes(capabilities.ordering), 'capabilities.ordering')
  assert.equal(typeof capabilities.durable, 'boolean', 'capabilities.durable')
  assert.equal(typeof capabilities.replay, 'boolean', 'capabilities.replay')
  assert.ok(capabilities.maxEventBytes > 0, 'capabilities.maxEventBytes')
  assert.ok(['poll', 'push', 'both'].includes(capabilities.delivery), 'capabilities.delivery')
}

/** Capabilities without those that are undefined. */
function given(capabilities: StreamerCapabilities): Record<string, unknown> {
  return Object.fromEntries(Object.entries(capabilities).filter(([, value]) => value !== undefined))
}

/** Beginning, and what a connector says of itself. */
export const lifeStartCases: readonly ConformanceCase[] = [
  {
    name: 'declares_its_capabilities',
    room,
    asserts:
      'The capabilities are well-formed, are the expected ones, and name the ways of delivery that the connector has.',
    needs: ['capabilities'],
    async run(bench) {
      const capabilities = bench.capabilities as StreamerCapabilities
      assertWellFormed(capabilities)
      if (bench.options.capabilities) assert.deepEqual(given(capabilities), given(bench.options.capabilities))
      const connector: unknown = bench.open()
      assert.equal(isPolling(connector), capabilities.delivery !== 'push', 'it has poll() where it delivers by poll')
      assert.equal(
        isPushed(connector),
        capabilities.delivery !== 'poll',
        'it has transformEvents() where it delivers by push'
      )
    },
  },
  {
    name: 'nothing_connects_before_use',
    room,
    asserts:
      'Making and attaching a connector to a target that is not there succeeds; its first publish rejects with a StreamerError.',
    needs: ['harness.unreachable'],
    async run(bench) {
      const connector = bench.harness.unreachable?.() as StreamerConnector
      bench.adopt(connector)
      if (isAttachable(connector)) connector.attach(bench.context())
      await assert.rejects(bench.publish(connector, probes('entity-1', 1), 'posts'), (thrown) =>
        isStreamerError(thrown)
      )
      await bench.close(connector as OpenConnector)
    },
  },
  {
    name: 'unattached_connector_works',
    room,
    asserts:
      'A connector that nobody has told which service it serves publishes and polls, for programs without Booster.',
    needs: ['poll'],
    async run(bench) {
      const topic = await bench.topic()
      const reader = new Reader(bench.unattached(), topic, bench.limitMs)
      await reader.poll()
      await bench.publish(bench.unattached(), probes('entity-1', 3), topic)
      assert.deepEqual(
        numbers(await reader.drain(3)).sort((a, b) => a - b),
        range(0, 3)
      )
    },
  },
  {
    name: 'health_reports',
    room,
    asserts: 'A connector that has just published is healthy, and its details are plain values.',
    needs: ['poll', 'HealthReporting'],
    async run(bench) {
      const connector = bench.open()
      await bench.publish(connector, [new Probe('entity-1', 0)], await bench.topic())
      assert.ok(isHealthReporting(connector))
      const { healthy, details } = await (connector as HealthReporting).health()
      assert.equal(healthy, true, 'healthy')
      for (const [name, value] of Object.entries(details)) {
        assert.ok(['string', 'number', 'boolean'].includes(typeof value), `details.${name} is a plain value`)
      }
    },
  },
  {
    name: 'provision_is_idempotent',
    room,
    asserts: 'Provisioning a topic again, also twice at once, succeeds and leaves what is in it.',
    needs: ['poll', 'Provisionable'],
    async run(bench) {
      const topic = await bench.topic()
      const connector = bench.open() as OpenConnector & Provisionable
      await connector.provision([topic])
      const reader = await bench.reader(topic)
      await bench.publish(connector, probes('entity-1', 3), topic)
      const other = bench.open() as OpenConnector & Provisionable
      await Promise.all([connector.provision([topic]), other.provision([topic])])
      await bench.publish(connector, probes('entity-1', 3, 3), topic)
      assert.deepEqual(
        numbers(await reader.drain(6)).sort((a, b) => a - b),
        range(0, 6)
      )
    },
  },
]
