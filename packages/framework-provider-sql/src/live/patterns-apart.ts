import { matches, partsOf } from '../read-models/matches'

type Fields = Readonly<Record<string, unknown>>

/** A filter without its patterns, and what they ask. */
export interface PatternsApart {
  readonly filters: unknown
  readonly passes: (readModel: unknown) => boolean
}

/**
 * Takes the patterns out of a filter of a subscription. Where there are some, `passes` asks the whole filter of a read model; without any
 * it lets everything through. Throws for a pattern that is not understood.
 */
export function patternsApart(filters: unknown): PatternsApart {
  if (!hasPattern(filters)) return { filters, passes: () => true }
  const parts = partsOf(filters)
  return { filters: without(filters), passes: (readModel) => matches(parts, readModel) }
}

function isPattern(name: string): boolean {
  return name === 'regex' || name === 'iRegex'
}

function hasPattern(filters: unknown): boolean {
  if (typeof filters !== 'object' || filters === null) return false
  return Object.entries(filters).some(([name, value]) => isPattern(name) || hasPattern(value))
}

function without(filters: unknown): unknown {
  if (Array.isArray(filters)) return filters.map(without)
  if (typeof filters !== 'object' || filters === null) return filters
  const rest = Object.entries(filters as Fields).filter(([name]) => !isPattern(name))
  return Object.fromEntries(rest.map(([name, value]) => [name, without(value)]))
}
