import type { BoosterConfig, EventEnvelope, UUID } from '@boostercloud/framework-types'
import { entityTypeNameOf } from '../compatibility'

/** Entities asked for at once. */
const PAGE = 1_000

/** One entity that may have events of certain classes. */
export interface EntityReference {
  readonly entityTypeName: string
  readonly entityId: string
}

/** The entities that events of these classes belong to, in an order that stays the same. */
export async function entitiesOf(config: BoosterConfig, typeNames: readonly string[]): Promise<EntityReference[]> {
  const entityTypeNames = new Set(typeNames.map((typeName) => entityTypeNameOf(config, typeName)))
  const entities: EntityReference[] = []
  for (const entityTypeName of [...entityTypeNames].sort()) {
    for (const entityId of [...(await idsOf(config, entityTypeName))].sort())
      entities.push({ entityTypeName, entityId })
  }
  return entities
}

/** The stored events of an entity, of these classes and of a time, in the order stored. */
export async function eventsOf(
  config: BoosterConfig,
  { entityTypeName, entityId }: EntityReference,
  { typeNames, from, to }: { typeNames: readonly string[]; from: Date; to: Date }
): Promise<EventEnvelope[]> {
  const since = new Date(from.getTime() - 1).toISOString()
  const { events } = config.provider
  const stored = await events.forEntitySince(config, entityTypeName, entityId as UUID, since)
  return stored.filter(({ typeName, createdAt }) => {
    const at = Date.parse(createdAt)
    return typeNames.includes(typeName) && at >= from.getTime() && at < to.getTime()
  })
}

async function idsOf(config: BoosterConfig, entityTypeName: string): Promise<Set<string>> {
  const ids = new Set<string>()
  let cursor: Record<string, string> | undefined
  for (;;) {
    const page = await config.provider.events.searchEntitiesIDs(config, PAGE, cursor, entityTypeName)
    for (const { entityID } of page.items) ids.add(String(entityID))
    if (page.items.length === 0 || page.cursor === undefined) return ids
    cursor = page.cursor
  }
}
