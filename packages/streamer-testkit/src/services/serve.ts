import { createRequire } from 'node:module'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { inspect } from 'node:util'
import { isAttachable, isClosable } from '@boostercloud/streamer-connector'
import type { OpenConnector } from '../bench/open-connector'
import type { CreateOverrides } from '../harness/connector-under-test'
import { Consumer } from './consumer'
import { loadCore } from './core'
import { Journal } from './journal'
import type { ServiceOrder } from './other-service'
import { linkTo } from './parts'
import type { ServiceParts } from './parts'

interface ConnectorModule {
  create(argument: unknown, overrides: CreateOverrides): OpenConnector
  service?(argument: unknown, parts: ServiceParts): ServiceParts
}

/** How it ends unless it was drained: with an error. */
process.exitCode = 3

async function serve(order: ServiceOrder): Promise<void> {
  const { topic, folder, journal, dieAt, handlerMs, limitMs, module, overrides, context } = order
  const { create, service } = createRequire(__filename)(module.modulePath) as ConnectorModule
  const connector = create(module.argument, overrides)
  if (isAttachable(connector)) connector.attach(context)
  const { openEmbeddedState } = await loadCore()
  const state = await openEmbeddedState(join(folder, 'state'))
  const parts: ServiceParts = { connector, state, links: [linkTo(topic)] }
  const consumer = await Consumer.start({
    parts: service?.(module.argument, parts) ?? parts,
    topic,
    limitMs,
    journal: new Journal(journal),
    handle: async ({ n }) => {
      if (n === dieAt) process.kill(process.pid, 'SIGKILL')
      await pause(handlerMs)
    },
  })
  const drain = async (): Promise<void> => {
    await consumer.stop()
    if (isClosable(connector)) await connector.close()
    await state.close()
    process.exitCode = 0
  }
  process.once('SIGTERM', () => void drain().catch(complain))
}

function complain(thrown: unknown): void {
  process.stderr.write(`${inspect(thrown)}\n`)
  process.exit(1)
}

serve(JSON.parse(process.argv[2] as string) as ServiceOrder).catch(complain)
