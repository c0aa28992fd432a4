import { createRequire } from 'node:module'
import { setTimeout as pause } from 'node:timers/promises'
import { inspect } from 'node:util'
import { isAttachable, isStreamerError } from '@boostercloud/streamer-connector'
import type { GroupOwner, GroupOwning, StreamerContext } from '@boostercloud/streamer-connector'
import type { CreateOverrides, OtherProcess } from '../harness/connector-under-test'
import type { OpenConnector } from './open-connector'

/** What the child process is told. */
export interface OwnerOrder {
  readonly topic: string
  readonly owner: GroupOwner
  readonly module: OtherProcess
  readonly overrides: CreateOverrides
  readonly context: StreamerContext
}

/** What it tells: that it was given events, while it owned the group; that another state owns it; that it stops now, as it was told to. */
export type OwnerWord = 'read' | 'refused' | 'stops'

interface ConnectorModule {
  create(argument: unknown, overrides: CreateOverrides): OpenConnector & GroupOwning
}

const AGAIN_MS = 20

/** Reads as a service does: what a poll brings counts where the group is owned still, by an answer that was asked for less than a lease ago. */
async function read({ topic, owner, module, overrides, context }: OwnerOrder): Promise<never> {
  const { create } = createRequire(__filename)(module.modulePath) as ConnectorModule
  const connector = create(module.argument, overrides)
  if (isAttachable(connector)) connector.attach(context)
  const owns = async (): Promise<void> => {
    for (let asked = -Infinity; performance.now() - asked >= owner.leaseMs;) {
      asked = performance.now()
      await connector.ownGroup([topic], owner)
    }
  }
  let isToStop = false
  process.once('message', () => (isToStop = true))
  for (let last: string | undefined; ;) {
    try {
      if (isToStop) await stop()
      isToStop = false
      await owns()
      const events = await connector.poll(topic, last)
      if (events.length === 0) continue
      await owns()
      last = events.at(-1)?.eventId ?? last
      tell('read')
    } catch (thrown) {
      if (!isStreamerError(thrown)) throw thrown
      if (thrown.code === 'GROUP_OWNED') tell('refused')
      await pause(AGAIN_MS)
    }
  }
}

/** Between two steps, so that it holds no lock of a file. */
async function stop(): Promise<void> {
  await new Promise((told) => process.send?.('stops' satisfies OwnerWord, told))
  process.kill(process.pid, 'SIGSTOP')
}

function tell(word: OwnerWord): void {
  process.send?.(word)
}

read(JSON.parse(process.argv[2] as string) as OwnerOrder).catch((thrown: unknown) => {
  process.stderr.write(`${inspect(thrown)}\n`)
  process.exit(1)
})
