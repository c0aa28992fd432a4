import type { StateChange } from '@boostercloud/streamers/state'
import { inPages } from './kept-choice'
import { detailsOfKept, isoOf, summaryOfKept } from './kept-event'
import type { KeptEvent } from './kept-event'
import type { OpenApp } from '../app/operated-app'

/** All that waits in the park, oldest first, without the dead letters. */
export async function* parkedEvents({ state, streamers }: OpenApp): AsyncGenerator<KeptEvent, void, undefined> {
  for await (const letter of inPages((limit, after) => state.parkedEvents(limit, after))) {
    yield { place: String(letter.place), letter, event: streamers.unpackEvent(letter.event) }
  }
}

/** Whether it waits for a try of its own, and not behind another event of its key. */
export function waitsForTry({ letter }: KeptEvent): boolean {
  return letter.state === 'retry'
}

/** To be tried as soon as a service sees it. */
export function retriedNow({ letter }: KeptEvent): StateChange {
  return { do: 'retry-now', place: letter.place ?? 0, at: Date.now() }
}

/** What a list shows of each. No payload. */
export function summaryOfParked(one: KeptEvent): Record<string, unknown> {
  const waits = waitsForTry(one) ? { state: 'retry', nextTryAt: isoOf(one.letter.dueAt) } : { state: 'behind' }
  return { ...summaryOfKept(one), ...waits }
}

/** All that is known of one. Payload and original bytes only if asked for. */
export function detailsOfParked(one: KeptEvent, withPayload: boolean): Record<string, unknown> {
  return { ...summaryOfParked(one), ...detailsOfKept(one, withPayload) }
}
