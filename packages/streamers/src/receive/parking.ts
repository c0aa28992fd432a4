import { packEvent } from '../state'
import type { ParkedEvent, StateChange } from '../state'
import type { Delivery } from './delivery'
import { laneKey } from './identity'

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
