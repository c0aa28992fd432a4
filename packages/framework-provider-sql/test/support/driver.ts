import { createRequire } from 'node:module'
import { join } from 'node:path'
import { randomUUID } from 'node:crypto'
import type {
  BoosterConfig,
  EventSearchResponse,
  NonPersistedEventEnvelope,
  ReadModelInterface,
} from '@boostercloud/framework-types'
import { listenOnLoopback } from './loopback'

/** What a test asks of an app's process. */
export type Request =
  | { readonly do: 'start' }
  | { readonly do: 'store'; readonly steps: readonly (readonly [counter: string, step: number])[] }
  | { readonly do: 'view'; readonly type: string; readonly id: string }
  | { readonly do: 'events'; readonly entity: string; readonly id: string }
  | { readonly do: 'subscriptions'; readonly type: string }
  | { readonly do: 'health' }

interface App {
  readonly Booster: { readonly config: BoosterConfig }
}

/** This process is the app in whose folder it runs. */
function main(): void {
  listenOnLoopback()
  const entry = join(process.cwd(), 'dist', 'index.js')
  const { config } = (createRequire(entry)(entry) as App).Booster
  process.on('message', ({ id, request }: { id: number; request: Request }) => {
    answer(config, request).then(
      (result) => process.send?.({ id, result }),
      (error: Error) => process.send?.({ id, error: error.message })
    )
  })
  process.send?.({ id: 0 })
}

async function answer(config: BoosterConfig, request: Request): Promise<unknown> {
  const { events, readModels, sensor, infrastructure } = config.provider
  switch (request.do) {
    case 'start':
      return infrastructure().start?.(config, Number(process.env.PORT))
    case 'store':
      return (await events.store(request.steps.map(counted), config)).map(({ createdAt }) => createdAt)
    case 'view':
      return (await readModels.fetch(config, request.type, request.id))[0] as ReadModelInterface | undefined
    case 'events':
      return (await events.search(config, { entity: request.entity, entityID: request.id })).reverse().map(stepOf)
    case 'subscriptions':
      return (await readModels.fetchSubscriptions(config, request.type)).length
    case 'health':
      return sensor.databaseEventsHealthDetails(config)
  }
}

function stepOf({ value }: EventSearchResponse): number {
  return (value as unknown as { step: number }).step
}

function counted([counterId, step]: readonly [string, number]): NonPersistedEventEnvelope {
  return {
    kind: 'event',
    superKind: 'domain',
    version: 1,
    requestID: randomUUID(),
    entityTypeName: 'Counter',
    typeName: 'Counted',
    entityID: counterId,
    value: { counterId, step },
  } as unknown as NonPersistedEventEnvelope
}

main()
