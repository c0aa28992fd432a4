import { step } from '../lib/progress.mjs'
import { showNote } from './show.mjs'
import { STREAMERS } from './streamers.mjs'
import { SERVICES, makeWorkspace } from './workspace.mjs'

/**
 * What a run of the demo stands on: the server that the streamer needs, who takes part, and a folder. Whoever sets it clears it.
 */
export async function setStage(streamer) {
  const { environment, server: kind, settings, prepare, guests } = STREAMERS[streamer]
  const { services: guestServices, programs, missing } = await guests()
  if (missing) showNote(missing)
  const server = kind && (await startServer(kind))
  try {
    const services = [...SERVICES, ...guestServices]
    await prepare?.(server, services)
    const workspace = makeWorkspace({ services, environment, settings: settings(server) })
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
async function startServer(kind) {
  const brokers = await import('@boostercloud/dev-brokers')
  return step(`start ${kind}`, () => brokers.startServer(kind, { ways: ['container', 'installed', 'fetched'] }))
}
