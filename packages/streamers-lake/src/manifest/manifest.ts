/** A part of a topic in which positions count. */
export interface PartitionOf {
  readonly streamer: string
  readonly topic?: string
  /** Which log of the broker it is in, where the broker tells. */
  readonly log?: string
  readonly partition: string
}

/** The events of one partition in a segment. */
export interface Run extends PartitionOf {
  /** The position of the last event that the lake had of the partition before; null: it had none. */
  readonly after: number | null
  readonly first: number
  readonly last: number
  readonly rows: number
  /** How many of its events were removed on purpose; their positions count as recorded. */
  readonly forgotten?: number
}

/** A segment that belongs to the lake. */
export interface Segment {
  /** Where it is, as `segments/2026-11-30/….parquet`. */
  readonly path: string
  readonly rows: number
  readonly bytes: number
  /** SHA-256 of the file, in hexadecimal. */
  readonly sha256: string
  /** When its first and its last event were recorded; milliseconds since 1970. */
  readonly recordedFrom: number
  readonly recordedTo: number
  /** Its addresses, as `main-kafka/posts`, those without stable places too. */
  readonly addresses: readonly string[]
  /** Its types, in alphabetical order; undefined where they are many. */
  readonly types?: readonly string[]
  readonly runs: readonly Run[]
  /** How many events were removed on purpose, those without a place too. */
  readonly forgotten?: number
}

/** How far an address is read where its reader keeps the position. */
export interface Cursor {
  readonly streamer: string
  readonly topic?: string
  readonly cursor: string
}

/** Positions that the broker deleted before they were recorded. */
export interface Gap extends PartitionOf {
  readonly first: number
  readonly last: number
  /** When the last event before was recorded, RFC 3339. */
  readonly after?: string
  /** When the first event behind was published, RFC 3339. */
  readonly before?: string
  /** RFC 3339. */
  readonly foundAt: string
}

/** A gap, with the version of the lake whose manifest names it. */
export interface NotedGap extends Gap {
  readonly version: number
}

/** Of a partition, every event up to here is recorded or named by a gap, whatever the last recorded one is: what follows that one are positions of other topics. */
export interface Passed extends PartitionOf {
  readonly through: number
}

/** Where the events of a segment that does not belong to the lake any more are now. */
export interface Moved {
  /** The path that the segment had. */
  readonly from: string
  /** The path of the segment that has its events. */
  readonly to: string
  /** The first row that they have there. */
  readonly start: number
  /** Rows that were left out, as ranges: from the first one up to the one behind the last. */
  readonly without?: readonly (readonly [number, number])[]
}

/** What a change replaces. Absent where events were recorded. */
export interface Replacing {
  readonly moved: readonly Moved[]
  /** Up to which position events were removed for their age. */
  readonly floors: readonly (PartitionOf & { readonly last: number })[]
  /** Whether the replaced files have what must not be kept. */
  readonly purge: boolean
}

/** One change of a lake: what its next version has that the one before had not. */
export interface Manifest {
  /** From 1, without a gap. */
  readonly version: number
  /** Tells this change from any other that was to have this version. */
  readonly change: string
  /** When it was made, RFC 3339. */
  readonly at: string
  readonly added: readonly Segment[]
  /** Paths of segments that do not belong to the lake any more. */
  readonly removed: readonly string[]
  readonly cursors: readonly Cursor[]
  readonly gaps?: readonly Gap[]
  readonly passed?: readonly Passed[]
  readonly replacing?: Replacing
}

/** The partition whose key was made last: events come in runs of one partition, and each asks for its key. */
let lastKeyed: (PartitionOf & { readonly key: string }) | undefined

/** The key of a partition in maps. */
export function partitionKey({ streamer, topic, log, partition }: PartitionOf): string {
  const last = lastKeyed
  if (last?.partition === partition && last.log === log && last.topic === topic && last.streamer === streamer)
    return last.key
  const key = JSON.stringify([streamer, topic ?? null, log ?? null, partition])
  lastKeyed = { streamer, topic, log, partition, key }
  return key
}

/** The partition of an event; undefined where the broker has no stable places. */
export function partitionOf({ streamer, topic, log, partition }: Partial<PartitionOf>): PartitionOf | undefined {
  if (streamer === undefined || partition === undefined) return undefined
  return { streamer, ...(topic !== undefined && { topic }), ...(log !== undefined && { log }), partition }
}

/** The key of an address in maps. */
export function addressKey({ streamer, topic }: Pick<PartitionOf, 'streamer' | 'topic'>): string {
  return topic === undefined ? streamer : `${streamer}/${topic}`
}

/** Where a segment is written before a manifest names it. */
export function draftPath({ path }: Pick<Segment, 'path'>): string {
  return `drafts/${path.slice(path.lastIndexOf('/') + 1)}`
}

/** Where its file is kept for a while after it was replaced. */
export function retiredPath({ path }: Pick<Segment, 'path'>): string {
  return `retired/${path.slice(path.lastIndexOf('/') + 1)}`
}

/** Where a row of a replaced segment is now; for one that was left out, the next one that is kept. */
export function movedRow({ start, without = [] }: Moved, row: number): number {
  return without.reduce((at, [from, to]) => at - Math.max(0, Math.min(row, to) - from), start + row)
}

/** Where the index of a segment is. */
export function indexPath({ path }: Pick<Segment, 'path'>): string {
  return `index/${path.slice(path.lastIndexOf('/') + 1).replace(/\.parquet$/, '.idx')}`
}
