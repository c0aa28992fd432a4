import { isAttachable, isClosable, isLagReporting, isPolling } from '@boostercloud/streamer-connector'
import type { ExternalEvent, StreamerConnector } from '@boostercloud/streamer-connector'
import type { ConformanceColumn, ConnectorUnderTest } from '@boostercloud/streamer-testkit/conformance'
import { columns as eventbridge } from '../packages/eventbridge-streamer/test/conformance-columns'
import { columns as kafka } from '../packages/kafka-streamer/test/conformance-columns'
import { columns as local } from '../packages/local-streamer/test/conformance-columns'
import { columns as nats } from '../packages/nats-streamer/test/conformance-columns'
import { columns as rabbitmq } from '../packages/rabbitmq-streamer/test/conformance-columns'
import { eventually } from '../packages/streamers/test/support/eventually'

const SERVICE = { appName: 'lags', environment: 'test' }

/** A connector of the service. */
function opened(harness: ConnectorUnderTest): StreamerConnector {
  const connector = harness.create({ ...SERVICE, pollWaitMs: 200 })
  if (isAttachable(connector)) connector.attach({ streamerId: 'main', ...SERVICE })
  return connector
}

/** Polls until so many have come in all, and settles them by the next poll. */
async function receive(connector: StreamerConnector, topic: string, count: number): Promise<string | undefined> {
  if (!isPolling(connector)) throw new Error('It cannot be polled.')
  const received: ExternalEvent[] = []
  await eventually(
    async () => {
      received.push(...(await connector.poll(topic, received.at(-1)?.eventId)))
      return received.length >= count
    },
    () => received.length,
    60_000
  )
  await connector.poll(topic, received.at(-1)?.eventId)
  return received.at(-1)?.eventId
}

async function untilLag(
  connector: StreamerConnector,
  topic: string,
  position: string | undefined,
  lag: number
): Promise<void> {
  if (!isLagReporting(connector)) throw new Error('It says no lag.')
  let said: number | undefined
  await eventually(
    async () => {
      said = await connector.lag(topic, position)
      return said === lag
    },
    () => said,
    60_000
  )
}

const columns: readonly ConformanceColumn[] = [local, kafka, rabbitmq, nats, eventbridge].flat()

describe('how much a group has not settled', function () {
  this.timeout(180_000)

  for (const { name, setUp } of columns) {
    it(`is known from outside: ${name}`, async () => {
      const harness = await setUp()
      const [reader, asked] = [opened(harness), opened(harness)]
      try {
        const topic = await harness.topic()
        const events = Array.from({ length: 3 }, (_, n) => ({ n, entityID: () => 'one' }))
        if (!isPolling(reader)) throw new Error('It cannot be polled.')
        // The group is there from now on.
        await reader.poll(topic)
        await reader.publish(events, topic)
        const position = await receive(reader, topic, 3)
        await untilLag(asked, topic, position, 0)
        if (isClosable(reader)) await reader.close()
        await asked.publish(events.slice(1), topic)
        await untilLag(asked, topic, position, 2)
      } finally {
        for (const connector of [reader, asked]) if (isClosable(connector)) await connector.close()
        await harness.tearDown?.()
      }
    })
  }
})
