import { isDeepStrictEqual } from 'node:util'
import type { History, StoredStep, StoredView } from './history'
import { STAGES } from './stages'

/** The read models that do not say what the events of their entity say, in their order. */
export function wrongViewsOf({ stores, views }: Pick<History, 'stores' | 'views'>): string[] {
  if (!views) return []
  return STAGES.flatMap((stage) => wrongIn(stores[stage], views[stage]).map((what) => `${what} in ${stage}`))
}

function wrongIn(store: readonly StoredStep[], views: readonly StoredView[]): string[] {
  const said = new Map(views.map(({ key, origins }) => [key, origins]))
  const keys = new Set([...store.map(({ key }) => key), ...said.keys()])
  return [...keys].flatMap((key) => {
    const stored = store.filter((step) => step.key === key).map(({ origin }) => origin)
    const view = said.get(key) ?? []
    if (isDeepStrictEqual(view, stored)) return []
    return [`${key}: ${view.length} of ${stored.length} events, ${difference(stored, view)}`]
  })
}

function difference(stored: readonly string[], view: readonly string[]): string {
  const first = stored.findIndex((origin, index) => origin !== view[index])
  if (first < 0) return 'with more than was stored'
  const missing = stored.filter((origin) => !view.includes(origin)).slice(0, 3)
  return `out of line from number ${first + 1} on, without ${missing.join(', ') || 'none'}`
}
