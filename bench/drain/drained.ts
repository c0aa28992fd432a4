import { join } from 'node:path'
import { LocalStreamer } from '@boostercloud/local-streamer'
import { freePort } from '../../packages/streamers-cli/src/free-port'
import { inAppFolder } from '../booster/app'
import type { StoreContender } from '../store/contenders'
import { Remote } from '../workers/remote'
import type { Drained, ServiceMethods } from './service'

/** How much waits for the broker, and how it is spread. */
export interface Backlog {
  readonly events: number
  readonly entities: number
}

/** What the end of a backlog came to, and how many events are not in the log once or not in the order of their entity. */
export type Outcome = Drained & { readonly wrong: number }

/** Makes a backlog, kills its service, and has another one publish it. */
export function drainOf(contender: StoreContender, { events, entities }: Backlog): Promise<Outcome> {
  return inAppFolder('drain', async (cwd) => {
    const database = await contender.emptyDatabase()
    const env = { BOOSTER_ENV: 'bench', PROVIDER_PACKAGE: contender.providerPackage, ...database }
    const inService = async <T>(work: (service: Remote<ServiceMethods>) => Promise<T>): Promise<T> => {
      const socket = String(await freePort())
      const ports = { LOCAL_ENVIRONMENT_WEBSOCKET_SERVER_PORT: socket }
      const service = Remote.start<ServiceMethods>('../drain/service', [], { cwd, env: { ...env, ...ports } })
      try {
        return await work(service)
      } finally {
        await service.end()
      }
    }
    await inService(async (service) => {
      await service.call('fill', await freePort(), events, entities)
      await service.kill()
    })
    await contender.count?.(database)
    const drained = await inService(async (service) => service.call('drain', await freePort(), events, entities))
    return { ...drained, wrong: await wrongIn(cwd, drained.stored) }
  })
}

async function wrongIn(folder: string, stored: number): Promise<number> {
  const times = new Map<number, number>()
  const last = new Map<string, number>()
  let early = 0
  const log = LocalStreamer.with({ path: join(folder, 'log') })
  for await (const { eventPayload } of log.read('notes', {})) {
    const { noteId, number } = eventPayload as { noteId: string; number: number }
    times.set(number, (times.get(number) ?? 0) + 1)
    if (number < (last.get(noteId) ?? -1)) early += 1
    last.set(noteId, number)
  }
  await log.close()
  const notOnce = Array.from({ length: stored }, (_, number) => number).filter((number) => times.get(number) !== 1)
  return notOnce.length + early
}
