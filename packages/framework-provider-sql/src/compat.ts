/** Everything that depends on how Booster is made inside: its deep imports. */
// The module that Booster asks is changed; an `import` may be a copy of it.
// eslint-disable-next-line @typescript-eslint/no-require-imports
import boosterLogger = require('@boostercloud/framework-common-helpers/dist/logger')
import { RawEventsParser } from '@boostercloud/framework-core/dist/services/raw-events-parser'
import { FilteredReadModelPubSub } from '@boostercloud/framework-core/dist/services/pub-sub/read-model-pub-sub'
import type { BoosterConfig } from '@boostercloud/framework-types'
import { entityKey } from './events/append'
import { currentDispatch, inDispatch } from './dispatch/contexts'
import { keptLoggers } from './loggers'
import { patternsApart } from './live/patterns-apart'
import type { GetLogger } from './loggers'

export { FilteredReadModelPubSub }

const OBSERVED = Symbol.for('@boostercloud/framework-provider-sql/observed')
const BOUNDED = Symbol.for('@boostercloud/framework-provider-sql/bounded-patterns')
const KEPT = Symbol.for('@boostercloud/framework-provider-sql/kept-loggers')

type Parser = typeof RawEventsParser.streamPerEntityEvents & { [OBSERVED]?: true }

/**
 * Booster calls, entity by entity, what runs handlers and projections, and swallows what that throws. From now on a dispatch of this
 * provider is told, and knows from which entity's handlers a call comes.
 */
export function observeDispatches(): void {
  const original: Parser = RawEventsParser.streamPerEntityEvents
  if (original[OBSERVED]) return
  const observed: Parser = async (config, envelopes, callback) =>
    original.call(RawEventsParser, config, envelopes, (entityName, entityID, events) => {
      const { batch } = currentDispatch() ?? {}
      const work = batch?.works.get(entityKey(entityName, entityID))
      if (!batch || !work) return callback(entityName, entityID, events, config)
      return inDispatch({ batch, work }, async () => {
        try {
          if (!isSequenced(config, entityName)) return await callback(entityName, entityID, events, config)
          for (const event of events) {
            work.readUntil = event.createdAt
            await callback(entityName, entityID, [event], config)
          }
        } catch (error) {
          work.fail(error)
          throw error
        }
      })
    })
  observed[OBSERVED] = true
  RawEventsParser.streamPerEntityEvents = observed
}

/**
 * Events of an entity are projected together, by what they leave; one by one where an entity is projected to a read model that has a row
 * for each of its states.
 */
function isSequenced(config: BoosterConfig, entityName: string): boolean {
  const projections = config.projections[entityName] ?? []
  return projections.some((projection) => projection.class.name in config.readModelSequenceKeys)
}

/** What Booster's filter of subscriptions has that is used here. */
interface PubSub {
  readonly readModels: readonly { readonly constructor: { readonly name: string } }[]
}

/**
 * Booster tests the patterns of subscriptions' filters with an engine that some of them keep busy for hours. From now on they are tested as
 * those of queries are, and Booster is left the rest of the filter.
 */
export function boundPatterns(): void {
  const { prototype } = FilteredReadModelPubSub as unknown as { prototype: PubSubPrototype }
  if (prototype[BOUNDED]) return
  const original = prototype.asyncIterator
  prototype[BOUNDED] = true
  prototype.asyncIterator = async function (request, config) {
    const { filters, passes } = patternsApart(request.filters)
    const readModels = this.readModels.filter((each) => each.constructor.name !== request.class.name || passes(each))
    return original.call(
      Object.create(this, { readModels: { value: readModels } }) as PubSub,
      { ...request, filters },
      config
    )
  }
}

interface PubSubPrototype {
  [BOUNDED]?: true
  asyncIterator(
    this: PubSub,
    request: { readonly filters: unknown; readonly class: { readonly name: string } },
    config: BoosterConfig
  ): Promise<unknown>
}

/** Booster asks for a logger some fourteen times an event, and makes a new one each time. From now on it makes one for each place. */
export function keepLoggers(): void {
  const module = boosterLogger as { getLogger: GetLogger & { [KEPT]?: true } }
  if (module.getLogger[KEPT]) return
  module.getLogger = Object.assign(keptLoggers(module.getLogger), { [KEPT]: true } as const)
}
