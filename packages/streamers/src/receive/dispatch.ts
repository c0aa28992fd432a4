import { StreamerError, sourceUri } from '@boostercloud/streamer-connector'
import type { ExternalEvent } from '@boostercloud/streamer-connector'
import type { Link } from './link'

/** Whom an event concerns. */
export interface Dispatch {
  readonly links: readonly Link[]
  /** Set where nobody can be given the event: it becomes a dead letter. */
  readonly refused?: StreamerError
}

/**
 * An untyped handler gets every event of its address, a typed one those of its types. An event without type is of the class
 * that the address's typed links name, if they name one only. The wire's type chooses among these classes and no others.
 */
export function dispatch(event: ExternalEvent, all: readonly Link[]): Dispatch {
  const found = dispatchByType(event, all)
  const { source } = event.metadata ?? {}
  const allowed = found.links.filter(
    ({ allowedSources }) => allowedSources === undefined || (source !== undefined && isAmong(allowedSources, source))
  )
  if (allowed.length === found.links.length) return found
  const refused = new StreamerError('SOURCE_NOT_ALLOWED', 'The event comes from a source that a link does not allow.', {
    at: found.links[0].address,
    hint: 'Add the source to allowedSources of the handler, or find out who publishes there.',
  })
  return { links: allowed, refused }
}

/** An app's name may be written as it is, or as it is on the wire. */
function isAmong(sources: readonly string[], source: string): boolean {
  return sources.some((each) => sourceUri(each) === sourceUri(source))
}

function dispatchByType(event: ExternalEvent, links: readonly Link[]): Dispatch {
  const { type, undecodable } = event.metadata ?? {}
  if (undecodable) return { links: [], refused: undecodable }
  const untyped = links.filter(({ typeName }) => typeName === undefined)
  const typed = links.filter(({ typeName }) => typeName !== undefined)
  if (type !== undefined) return { links: [...typed.filter((link) => typesOf(link).includes(type)), ...untyped] }
  const classes = new Set(typed.map((link) => typesOf(link)[0]))
  if (classes.size <= 1) return { links: [...typed, ...untyped] }
  return {
    links: untyped,
    refused: new StreamerError(
      'EVENT_UNDECODABLE',
      `An event without type could be any of ${[...classes].join(', ')}.`,
      {
        at: links[0]?.address,
        hint: 'Let the producer send the type, or give each class a topic of its own.',
      }
    ),
  }
}

/** Whether one of the links takes events of a type, wherever they come from. */
export function isTaken(type: string | undefined, links: readonly Link[]): boolean {
  return links.some((link) => link.typeName === undefined || (type !== undefined && typesOf(link).includes(type)))
}

/** What the events that a link takes are called on the wire; empty for one that takes every event. */
export function typesOf({ types, typeName }: Pick<Link, 'types' | 'typeName'>): readonly string[] {
  return types ?? (typeName === undefined ? [] : [typeName])
}
