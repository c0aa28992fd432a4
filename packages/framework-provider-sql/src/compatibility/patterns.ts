import { FilteredReadModelPubSub } from '@boostercloud/framework-core/dist/services/pub-sub/read-model-pub-sub'
import type { BoosterConfig } from '@boostercloud/framework-types'
import { patternsApart } from '../live/patterns-apart'

export { FilteredReadModelPubSub }

const BOUNDED = Symbol.for('@boostercloud/framework-provider-sql/bounded-patterns')

/** What Booster's filter of subscriptions has that is used here. */
interface PubSub {
  readonly readModels: readonly { readonly constructor: { readonly name: string } }[]
}

interface PubSubPrototype {
  [BOUNDED]?: true
  asyncIterator(
    this: PubSub,
    request: { readonly filters: unknown; readonly class: { readonly name: string } },
    config: BoosterConfig
  ): Promise<unknown>
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
