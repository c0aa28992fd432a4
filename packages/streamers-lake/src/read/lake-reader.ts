import { StreamerError } from '@boostercloud/streamer-connector'
import { SegmentReader } from '../format'
import type { RecordedEvent } from '../format'
import { addressKey } from '../manifest'
import type { LakeVersions, Segment } from '../manifest'
import type { LakeStorage, StoredFile } from '../storage'
import { isWanted, mayHave } from './filter'
import type { LakeFilter } from './filter'

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
  for (const segment of segments) {
    if (!mayHave(segment, filter)) continue
    for await (const events of eventsOf(storage, versions, segment)) {
      for (const event of events) if (isWanted(event, filter)) yield event
    }
  }
}

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

/** All events of a segment, a batch at a time. */
async function* eventsOf(
  storage: LakeStorage,
  versions: LakeVersions,
  segment: Segment
): AsyncGenerator<RecordedEvent[], void, undefined> {
  const file = await openSegment(storage, versions, segment)
  try {
    const reader = await SegmentReader.open(file, `${storage.place}/${segment.path}`)
    yield* reader.events()
  } finally {
    await file.close()
  }
}

/** The file of a segment. Rejects with `STORAGE_DAMAGED` where it is missing. */
async function openSegment(storage: LakeStorage, versions: LakeVersions, segment: Segment): Promise<StoredFile> {
  for (const path of versions.placesOf(segment)) {
    const file = await storage.open(path)
    if (file !== undefined) return file
  }
  throw new StreamerError('STORAGE_DAMAGED', `The lake's segment ${segment.path} is missing.`, {
    at: `${storage.place}/${segment.path}`,
    hint: 'Restore this file from a backup. boost-streamers lake verify names all that are missing.',
  })
}
