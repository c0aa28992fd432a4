import type { StateChange } from '@boostercloud/streamers/state'
import { detailsOfKept, isoOf, summaryOfKept } from './kept-event'
import type { KeptEvent } from './kept-event'
import type { OpenApp } from './operated-app'

const PAGE = 200

/** All that waits in the park, oldest first, without the dead letters. */
export async function* parkedEvents({ state, streamers }: OpenApp): AsyncGenerator<KeptEvent, void, undefined> {
  let after = 0
  for (;;) {
    const page = await state.parkedEvents(PAGE, after)
    for (const letter of page) yield { letter, event: streamers.unpackEvent(letter.event) }
    if (page.length < PAGE) return
    after = page[page.length - 1].place ?? after
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

/** What is told of each in a list. No payload. */
export function summaryOfParked(one: KeptEvent): Record<string, unknown> {
  const waits = waitsForTry(one) ? { state: 'retry', nextTryAt: isoOf(one.letter.dueAt) } : { state: 'behind' }
  return { ...summaryOfKept(one), ...waits }
}

/** All that is known of one. Payload and original bytes only if asked for. */
export function detailsOfParked(one: KeptEvent, withPayload: boolean): Record<string, unknown> {
  return { ...summaryOfParked(one), ...detailsOfKept(one, withPayload) }
}
