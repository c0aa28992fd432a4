import { StreamerError } from '@boostercloud/streamer-connector'
import { SegmentReader } from '../format'
import type { RecordedEvent } from '../format'
import { addressKey, missingSegment, movedRow } from '../manifest'
import type { LakeVersions, Segment } from '../manifest'
import { FileGone } from '../storage'
import type { LakeStorage, StoredFile } from '../storage'
import { isWanted, mayHave } from './filter'
import type { LakeFilter } from './filter'
import { findRows } from './find-rows'

/**
 * The wanted events of a version of the lake, in the order in which they were recorded. What is recorded meanwhile is not among them, and no event comes
 * twice or is left out because segments were put together meanwhile.
 */
export async function* readEvents(
  storage: LakeStorage,
  versions: LakeVersions,
  filter: LakeFilter,
  segments: readonly Segment[]
): AsyncGenerator<RecordedEvent, void, undefined> {
  const candidates = segments.filter((segment) => mayHave(segment, filter))
  for (let at = 0; at < candidates.length; at += LOOKUPS) {
    const some = candidates.slice(at, at + LOOKUPS)
    const found = await Promise.all(some.map((segment) => findRows(storage, segment, filter)))
    for (const [index, segment] of some.entries())
      for (const rows of found[index] ?? [[0, segment.rows] as const])
        yield* wantedIn(eventsOf(storage, versions, segment, rows), filter)
  }
}

async function* wantedIn(
  batches: AsyncIterable<readonly RecordedEvent[]>,
  filter: LakeFilter
): AsyncGenerator<RecordedEvent, void, undefined> {
  for await (const events of batches) for (const event of events) if (isWanted(event, filter)) yield event
}

/** Indexes that are looked into at once. */
const LOOKUPS = 32

/** Segments that are looked through for events that a broker may deliver again. */
const NEWEST_SEGMENTS = 16

/** What identifies the newest events of an address that have no stable place. Empty where the broker has such places. */
export async function newestWithoutPlace(
  storage: LakeStorage,
  versions: LakeVersions,
  address: string
): Promise<Pick<RecordedEvent, 'source' | 'id'>[]> {
  const { segments } = await versions.latest()
  const without = segments.filter(
    ({ addresses, runs }) => addresses.includes(address) && !runs.some((run) => addressKey(run) === address)
  )
  const known: Pick<RecordedEvent, 'source' | 'id'>[] = []
  for await (const { source, id } of readEvents(storage, versions, { address }, without.slice(-NEWEST_SEGMENTS)))
    known.push({ source, id })
  return known
}

/** Rows of a segment that are to be read. */
interface Rows {
  readonly path: string
  readonly from: number
  readonly to: number
}

/**
 * The events of a segment, or of some of its rows, a batch at a time. Where the segment was replaced meanwhile, they are read from the one that has them now, without
 * those that were removed on purpose.
 */
export async function* eventsOf(
  storage: LakeStorage,
  versions: LakeVersions,
  { path, rows }: Segment,
  [from, to]: readonly [number, number] = [0, rows]
): AsyncGenerator<RecordedEvent[], void, undefined> {
  let left: Rows = { path, from, to }
  for (let failed = 0; failed < MOST_TRIES; failed += 1) {
    const found = await openSegment(storage, versions, left)
    left = found.rows
    try {
      const reader = await SegmentReader.open(found.file, `${storage.place}/${left.path}`)
      for await (const events of reader.events(left.from, left.to)) {
        left = { ...left, from: left.from + events.length }
        yield events
      }
      return
    } catch (thrown) {
      if (!(thrown instanceof StreamerError && thrown.cause instanceof FileGone)) throw thrown
    } finally {
      await found.file.close()
    }
  }
  throw missingSegment(storage, left.path)
}

/** How often a segment is looked for again that goes away while it is read. */
const MOST_TRIES = 10

/** Where the rows of a segment are. Rejects with `STORAGE_DAMAGED` where they are missing. */
async function openSegment(
  storage: LakeStorage,
  versions: LakeVersions,
  rows: Rows
): Promise<{ readonly file: StoredFile; readonly rows: Rows }> {
  for (const place of versions.placesOf(rows)) {
    const file = await storage.open(place)
    if (file !== undefined) return { file, rows }
  }
  const moved = (await versions.latest()).movedOf(rows.path)
  if (moved === undefined) throw missingSegment(storage, rows.path)
  return openSegment(storage, versions, {
    path: moved.to,
    from: movedRow(moved, rows.from),
    to: movedRow(moved, rows.to),
  })
}
