import { expect } from 'chai'
import type { ExternalEvent } from '@boostercloud/streamer-connector'
import type { EventBridgeStreamer } from '../../src'

/** How long anything awaited may take. */
const LIMIT_MS = 30_000

/** An event of a test. */
export class Note {
  public constructor(public readonly n: number) {}

  public entityID(): string {
    return `note-${this.n}`
  }
}

/** Notes with these numbers, `to` not included. */
export function notes(from: number, to: number): Note[] {
  return Array.from({ length: to - from }, (_, index) => new Note(from + index))
}

/** Their numbers, sorted: nothing is in order. */
export function numbers(events: readonly ExternalEvent[]): number[] {
  return events.map(({ eventPayload }) => (eventPayload as Note).n).sort((a, b) => a - b)
}

/** Polls, settling nothing, until there are so many events. */
export async function pollUntil(
  streamer: EventBridgeStreamer,
  topic: string,
  atLeast: number
): Promise<ExternalEvent[]> {
  const events: ExternalEvent[] = []
  await eventually(async () => {
    events.push(...(await streamer.poll(topic)))
    return events.length >= atLeast
  })
  return events
}

/** Waits until something is so. */
export async function eventually(isSo: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + LIMIT_MS
  while (!(await isSo())) {
    expect(Date.now() < end, `It did not come about: ${isSo.toString()}`).to.equal(true)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
