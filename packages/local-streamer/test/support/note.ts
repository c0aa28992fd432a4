import type { EventInterface } from '@boostercloud/framework-types'
import type { ExternalEvent, StreamerConnectorPollingInterface } from '@boostercloud/streamer-connector'

/** An event as a plain program has it. */
export class Note implements EventInterface {
  public constructor(
    public readonly text: string,
    public readonly n = 0
  ) {}

  public entityID(): string {
    return `note-${this.n % 3}`
  }
}

/** So many notes, numbered from 0. */
export function notes(count: number, text = 'a note'): Note[] {
  return Array.from({ length: count }, (_, n) => new Note(text, n))
}

/** A field of each event's payload. */
export function field(events: readonly ExternalEvent[], name: keyof Note): unknown[] {
  return events.map(({ eventPayload }) => (eventPayload as Record<string, unknown>)[name])
}

/** Polls on from a position until so many events are there; gives up when they do not come. */
export async function pollUntil(
  streamer: StreamerConnectorPollingInterface,
  topic: string,
  count: number,
  from?: string
): Promise<ExternalEvent[]> {
  const events: ExternalEvent[] = []
  const deadline = Date.now() + 60_000
  while (events.length < count) {
    if (Date.now() > deadline) throw new Error(`Only ${events.length} of ${count} events came.`)
    events.push(...(await streamer.poll(topic, events.at(-1)?.eventId ?? from)))
  }
  return events
}
