import { withMetadata } from '@boostercloud/streamer-connector'
import type { ExternalEvent, StreamerCapabilities } from '@boostercloud/streamer-connector'
import type { Note } from './receiving'

/** A log in memory that hands out so many events a poll; what a receiver with a position of its own reads. */
export class ScriptedLog {
  public readonly capabilities: StreamerCapabilities = {
    position: 'receiver',
    ordering: 'topic',
    durable: false,
    replay: true,
    maxEventBytes: 1_000_000,
    delivery: 'poll',
  }

  public constructor(
    private readonly notes: readonly Note[],
    private readonly batch: number
  ) {}

  public async poll(_topic?: string, cursor?: string): Promise<ExternalEvent[]> {
    const from = Number(cursor ?? 0)
    const notes = this.notes.slice(from, from + this.batch)
    if (notes.length === 0) await new Promise((resolve) => setTimeout(resolve, 25))
    return notes.map((note, index) => eventOf(note, from + index + 1))
  }
}

function eventOf(note: Note, place: number): ExternalEvent {
  const metadata = { id: idOf(note), source: 'test', key: note.key }
  return { streamerId: 'log', eventPayload: withMetadata({ ...note }, metadata), eventId: String(place), metadata }
}

/** What a note is known by. */
export function idOf({ key, n }: Note): string {
  return `${key}-${n}`
}
