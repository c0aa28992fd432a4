import { packEvent } from '../state'
import type { ParkedEvent, StateChange } from '../state'
import type { Delivery } from './delivery'
import { laneKey } from './identity'

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
export function isDue({ state, dueAt }: ParkedEvent, now: number, longestDelayMs: number): boolean {
  return state === 'follower' || (state === 'retry' && (dueAt <= now || dueAt > now + longestDelayMs))
}
