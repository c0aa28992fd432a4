import type { FieldSchema } from '../event-schema'

/** What a list may hold at each place, and how long it may be. */
export interface ListForm {
  /** At the first places, each its own. */
  readonly first: readonly FieldSchema[]
  /** At those that follow. */
  readonly rest: FieldSchema
  readonly least: number
  readonly most: number
}

export function listForm({ items, additionalItems, minItems = 0, maxItems = Infinity }: FieldSchema): ListForm {
  if (items === undefined || !isTuple(items)) return { first: [], rest: items ?? {}, least: minItems, most: maxItems }
  const most = additionalItems === false ? Math.min(maxItems, items.length) : maxItems
  const rest = typeof additionalItems === 'object' ? additionalItems : {}
  return { first: items, rest, least: minItems, most }
}

/** What stands at a place; undefined: the list is never that long. */
export function itemAt({ first, rest, most }: ListForm, place: number): FieldSchema | undefined {
  return place < most ? (first[place] ?? rest) : undefined
}

/** For people: `2`, `1 or more`, `0 to 5`. */
export function lengthOf({ least, most }: ListForm): string {
  if (most === Infinity) return `${least} or more`
  return least === most ? String(least) : `${least} to ${most}`
}

function isTuple(items: FieldSchema | readonly FieldSchema[]): items is readonly FieldSchema[] {
  return Array.isArray(items)
}
