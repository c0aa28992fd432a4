import type { BrokerName, Server } from '@boostercloud/dev-brokers'
import { step } from '../../../scripts/lib/progress'
import { SERVICES, makeWorkspace } from '../../support/workspace'
import type { Workspace } from '../../support/workspace'
import type { Programs } from './journeys'
import { showNote } from './show'
import { STREAMERS } from './streamers'
import type { DemoStreamer, StreamerName } from './streamers'

/** What a run of the demo stands on. */
export interface Stage {
  readonly services: readonly string[]
  readonly programs: Programs
  readonly workspace: Workspace
  clear(): Promise<void>
}

/** Sets the server that the streamer needs, who takes part, and a folder. Whoever sets it clears it. */
export async function setStage(streamer: StreamerName): Promise<Stage> {
  const { environment, server: kind, guests }: DemoStreamer = STREAMERS[streamer]
  const { services: guestServices, programs, missing } = await guests()
  if (missing !== undefined) showNote(missing)
  const server = kind && (await startServer(kind.name))
  try {
    const services = [...SERVICES, ...guestServices]
    if (server) await kind.prepare?.(server, services)
    const workspace = makeWorkspace({ services, environment, settings: server && kind.settings(server) })
    return {
      services,
      programs,
      workspace,
      clear: async () => {
        workspace.remove()
        await server?.stop()
      },
    }
  } catch (error) {
    await server?.stop()
    throw error
  }
}

/** One of its own: what others have left in a shared one would be counted too. */
async function startServer(name: BrokerName): Promise<Server> {
  const brokers = await import('@boostercloud/dev-brokers')
  return step(`start ${name}`, () => brokers.startServer(name, { ways: ['container', 'installed', 'fetched'] }))
}
