import type { PendingMark, StateChange } from '@boostercloud/streamers/state'
import { inPages } from './kept-choice'
import { detailsOfKept, isoOf, summaryOfKept } from './kept-event'
import type { KeptEvent } from './kept-event'
import type { OpenApp } from '../app/operated-app'

/** A dead letter: an event that a handler gave up on, or one that could be given to no handler. */
interface Incoming extends KeptEvent {
  readonly direction: 'in'
}

/** An event of this service that its streamer refuses; it is in the event store, and not published. */
interface Outgoing {
  readonly direction: 'out'
  /** What commands name it by: the event's id, the same at every address. */
  readonly place: string
  readonly mark: PendingMark & { readonly cause: string }
}

/** Something given up on. */
export type GivenUp = Incoming | Outgoing

/** All that was given up on, oldest first: what came in, then what did not go out. */
export async function* givenUp({ state, streamers }: OpenApp): AsyncGenerator<GivenUp, void, undefined> {
  for await (const letter of inPages((limit, after) => state.deadLetters(limit, after))) {
    yield { direction: 'in', place: String(letter.place), letter, event: streamers.unpackEvent(letter.event) }
  }
  // Marks have no pages; refused ones are few, since each is an event of this very service.
  for (const mark of await state.refusedMarks(100_000)) yield { direction: 'out', place: mark.id, mark }
}

/** To be tried again. */
export function redriven(one: GivenUp): StateChange[] {
  if (one.direction === 'out') return [{ do: 'unrefuse', address: one.mark.address, id: one.mark.id }]
  return [{ do: 'redrive', place: Number(one.place), at: Date.now() }]
}

/** To be forgotten; what waits behind it goes on, and a redelivery does not run its handler. */
export function discarded(one: GivenUp): StateChange[] {
  if (one.direction === 'out') return [{ do: 'unmark', address: one.mark.address, ids: [one.mark.id] }]
  const { handler, source, id } = one.letter
  const finish: StateChange = { do: 'finish', key: { handler, source, id }, at: Date.now() }
  return [...(handler === '' ? [] : [finish]), { do: 'unpark', place: Number(one.place) }]
}

/** What a list shows of each. No payload. */
export function summaryOf(one: GivenUp): Record<string, unknown> {
  if (one.direction === 'out') {
    const { address, typeName, entityTypeName, entityId, id, markedAt, cause } = one.mark
    return {
      direction: 'out',
      place: one.place,
      address,
      type: typeName,
      entity: entityTypeName,
      key: entityId,
      id,
      firstAt: isoOf(markedAt),
      cause: { message: cause },
    }
  }
  const { letter } = one
  return { direction: 'in', ...summaryOfKept(one), holdsKey: letter.holds }
}

/** All that is known of one. Payload and original bytes only if asked for. */
export function detailsOf(one: GivenUp, withPayload: boolean): Record<string, unknown> {
  if (one.direction === 'out') return summaryOf(one)
  return { ...summaryOf(one), ...detailsOfKept(one, withPayload) }
}
