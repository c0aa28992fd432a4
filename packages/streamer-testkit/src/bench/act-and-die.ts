import { createRequire } from 'node:module'
import { inspect } from 'node:util'
import { isAttachable } from '@boostercloud/streamer-connector'
import type { OpenConnector } from './open-connector'
import type { CreateOverrides } from '../harness/connector-under-test'
import type { Order } from './other-process'
import { probes } from './probe'
import { Reader } from './reader'

interface ConnectorModule {
  create(argument: unknown, overrides: CreateOverrides): OpenConnector
}

async function act({ act, count, topic, limitMs, module, overrides, context }: Order): Promise<void> {
  const { create } = createRequire(__filename)(module.modulePath) as ConnectorModule
  const connector = create(module.argument, overrides)
  if (isAttachable(connector)) connector.attach(context)
  if (act === 'publish') {
    await connector.publish(probes('entity-1', count) as Parameters<typeof connector.publish>[0], topic)
  } else {
    await receive(new Reader(connector, topic, limitMs), count)
  }
  process.kill(process.pid, 'SIGKILL')
}

/** Settles nothing where the position is the broker's: the first poll hands nothing back, and there is no second one after the last event. */
async function receive(reader: Reader, count: number): Promise<void> {
  const end = Date.now() + 30_000
  for (let received = 0; received < count;) {
    if (Date.now() > end) throw new Error(`Received ${received} of ${count} events.`)
    received += (await reader.pollWith(undefined)).length
  }
}

act(JSON.parse(process.argv[2] as string) as Order).catch((thrown: unknown) => {
  process.stderr.write(`${inspect(thrown)}\n`)
  process.exit(1)
})
