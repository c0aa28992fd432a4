import type { EntitySnapshotEnvelope, EventEnvelope, ReadModelInterface } from '@boostercloud/framework-types'
import { StreamerError } from '@boostercloud/streamer-connector'
import type { SqlValue } from '../database/database'

/** The version of the format. */
export const FORMAT = 1

/**
 * What one line of an exported store says: exactly one of these.
 * @internal
 */
export type StoreRecord =
  /** The first line. */
  | { readonly store: { readonly format: number } }
  | { readonly event: EventEnvelope }
  /** Its events after the time, or all, are not dispatched yet. */
  | { readonly waiting: { readonly type: string; readonly id: string; readonly dispatchedUpTo?: string } }
  | { readonly snapshot: EntitySnapshotEnvelope }
  | { readonly readModel: { readonly type: string; readonly sequence?: string; readonly value: ReadModelInterface } }
  | { readonly dispatched: string }
  /** A row of the streaming state; bytes are `{ base64 }`. */
  | { readonly streaming: { readonly table: string; readonly row: StreamingRow } }
  /** The last line: how many lines of each kind came before it. */
  | { readonly end: RecordCounts }

/** A row as JSON has it. */
export type StreamingRow = Readonly<
  Record<string, Exclude<SqlValue, bigint | Uint8Array> | { readonly base64: string }>
>

/** What is counted. */
const KINDS = ['event', 'waiting', 'snapshot', 'readModel', 'dispatched', 'streaming'] as const
/**
 * How many records of each kind there are.
 * @internal
 */
export type RecordCounts = Readonly<Record<(typeof KINDS)[number], number>>

/** Counts records by their kind. */
export class RecordCounter {
  private readonly counted = new Map<string, number>()

  public get counts(): RecordCounts {
    return Object.fromEntries(KINDS.map((kind) => [kind, this.counted.get(kind) ?? 0])) as RecordCounts
  }

  public add(record: StoreRecord): void {
    const kind = kindOf(record)
    this.counted.set(kind, (this.counted.get(kind) ?? 0) + 1)
  }
}

/** Which of them a record is. Throws `EVENT_INVALID` for what is none. */
function kindOf(record: StoreRecord): string {
  const keys = typeof record === 'object' && record !== null ? Object.keys(record) : []
  const [kind] = keys
  if (keys.length === 1 && ['store', 'end', ...KINDS].includes(kind)) return kind
  throw new StreamerError('OPTION_INVALID', 'A line is not a line of an exported store.', {
    at: JSON.stringify(record)?.slice(0, 80),
    hint: 'Give what `boost-streamers store export` has written.',
  })
}
