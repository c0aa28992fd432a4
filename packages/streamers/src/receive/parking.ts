import type { ExternalEvent } from '@boostercloud/streamer-connector'
import { packEvent } from '../state'
import type { ParkedEvent, StateChange } from '../state'
import type { Delivery } from './delivery'
import { identityOf, laneKey } from './identity'
import type { Link } from './link'

/** Others wait in memory behind an event whose next try comes no later than so many milliseconds after its first one. */
const BRIEF_MS = 1_000

/** A delivery as it goes into the park, before anything was tried. */
export function toParked({ event, identity, link }: Delivery): ParkedEvent {
  const now = Date.now()
  return {
    address: link.address,
    handler: link.handler,
    key: laneKey(event),
    ...identity,
    state: 'retry',
    holds: false,
    attempts: 0,
    dueAt: now,
    firstAt: now,
    lastAt: now,
    event: packEvent(event),
  }
}

/** A dead letter that holds nothing is done with as far as its handler is concerned: a redelivery must not run it. */
export function givenUp({ state, holds, handler, source, id }: ParkedEvent): StateChange[] {
  return state === 'dead' && !holds ? [{ do: 'finish', key: { handler, source, id }, at: Date.now() }] : []
}

/** Whether it is tried again soon, and has not failed for long. */
export function isBrief({ state, holds, dueAt, firstAt }: ParkedEvent): boolean {
  return !(state === 'dead' && holds) && dueAt - firstAt <= BRIEF_MS
}

/** A try that is farther ahead than the longest delay was put off by a clock that was wrong: it is due. */
function isDue({ state, dueAt }: ParkedEvent, now: number, longestDelayMs: number): boolean {
  return state === 'follower' || (state === 'retry' && (dueAt <= now || dueAt > now + longestDelayMs))
}

/** Those of the oldest that are due; none where the first is not. */
export function dueOf(oldest: readonly ParkedEvent[], now: number, longestDelayMs: number): readonly ParkedEvent[] {
  const wait = oldest.findIndex((parked) => !isDue(parked, now, longestDelayMs))
  return wait < 0 ? oldest : oldest.slice(0, wait)
}

/** A delivery as it is parked behind others of its key. `waiting`: how many wait behind a dead letter, if that is the first of them. */
export function followerOf(delivery: Delivery, waiting?: number): ParkedEvent {
  const { holdLimit } = delivery.link
  if (waiting === undefined || waiting < holdLimit) return { ...toParked(delivery), state: 'follower' }
  return {
    ...toParked(delivery),
    state: 'dead',
    holds: true,
    cause: { name: 'HoldLimit', message: `More than ${holdLimit} events wait behind a dead letter of this key.` },
  }
}

/**
 * An event that a handler is to see again, as it is parked: under a source that has the generation of its replay, so that neither the event as it came before
 * nor one that comes meanwhile is the same to the inbox. What its handler is given is the event as it was published.
 * @internal
 */
export function replayedAs(generation: string, event: ExternalEvent, link: Link): ParkedEvent {
  const { source, id } = identityOf(event, link.address, true)
  const settled = (): void => undefined
  const identity = { source: `${source}${REPLAYED}${generation}`, id: hasIdentity(event) ? id : (event.eventId ?? id) }
  const request = { handler: link.handler, address: link.address, ...identity }
  return toParked({ event, identity, link, request, settled })
}

/** Stands between a source and the generation of a replay. */
const REPLAYED = '#replay-'

function hasIdentity({ metadata, positionId }: ExternalEvent): boolean {
  return (metadata?.id !== undefined && metadata.source !== undefined) || positionId !== undefined
}
