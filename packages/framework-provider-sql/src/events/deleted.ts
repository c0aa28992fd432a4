import type { EventEnvelope } from '@boostercloud/framework-types'
import { storedText } from '../values/text'

/** How the text of a deleted event ends: of one that is not deleted it never does, as its own fields stand in brackets of their own. */
export const DELETED_LIKE = '%"deletedAt":"____-__-__T__:__:__.___Z"}'

/** Whether Booster has deleted an event: from 2.18 on it can. */
export function isDeleted(event: EventEnvelope): boolean {
  return (event as { readonly deletedAt?: unknown }).deletedAt !== undefined
}

/** The text of an event as it is stored; of a deleted one nothing is left of what it said. */
export function textOf(envelope: Omit<EventEnvelope, 'createdAt'>): string {
  const { deletedAt, ...rest } = envelope as typeof envelope & { readonly deletedAt?: unknown }
  if (deletedAt === undefined) return storedText(envelope)
  const at = Date.parse(String(deletedAt))
  return JSON.stringify({ ...rest, value: {}, deletedAt: new Date(Number.isNaN(at) ? 0 : at).toISOString() })
}
