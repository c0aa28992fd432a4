import type { LakeVersions, Segment } from '../manifest'
import type { LakeStorage } from '../storage'
import { makeIndexes } from './make-indexes'
import { rewrite } from './rewrite'

/**
 * How a lake is compacted.
 * @experimental
 */
export interface CompactOptions {
  /** The most events of a segment that is put together. Default 500,000. */
  readonly segmentEvents?: number
  /** How large such a segment becomes at most; bytes. Default 64,000,000. */
  readonly segmentBytes?: number
  /** For how long files of segments that were replaced are kept, for engines that read them without this package; milliseconds. Default one hour. */
  readonly keepMs?: number
  /** Called for each segment that was put together. */
  readonly onSegment?: (segment: { readonly path: string; readonly events: number; readonly of: number }) => void
}

/**
 * What a compaction has done.
 * @experimental
 */
export interface Compacted {
  /** Segments of the lake before, and after it. */
  readonly before: number
  readonly after: number
  readonly bytesBefore: number
  readonly bytesAfter: number
}

/** Puts small segments that follow each other together, and makes indexes that are missing. */
export async function compact(
  storage: LakeStorage,
  versions: LakeVersions,
  options: CompactOptions
): Promise<Compacted> {
  const { segmentEvents = 500_000, segmentBytes = 64_000_000, keepMs, onSegment } = options
  await versions.recover(keepMs)
  const before = (await versions.latest()).segments
  for (const group of groupsOf(before, segmentEvents, segmentBytes)) {
    const { segment, ...replacement } = await rewrite(storage, versions, group)
    // Where another process has replaced one of them, that is as good.
    if (!(await versions.replace({ ...replacement, floors: [], purge: false }))) continue
    onSegment?.({ path: segment.path, events: segment.rows, of: group.length })
  }
  await versions.recover(keepMs)
  await makeIndexes(storage, versions)
  const after = (await versions.latest()).segments
  return { before: before.length, after: after.length, bytesBefore: bytesOf(before), bytesAfter: bytesOf(after) }
}

/** Segments that follow each other and together are not too large. */
function groupsOf(segments: readonly Segment[], mostEvents: number, mostBytes: number): Segment[][] {
  const groups: Segment[][] = [[]]
  let [events, bytes] = [0, 0]
  for (const segment of segments) {
    if (events + segment.rows > mostEvents || bytes + segment.bytes > mostBytes) {
      groups.push([])
      events = bytes = 0
    }
    groups[groups.length - 1].push(segment)
    events += segment.rows
    bytes += segment.bytes
  }
  return groups.filter((group) => group.length > 1)
}

function bytesOf(segments: readonly Segment[]): number {
  return segments.reduce((sum, { bytes }) => sum + bytes, 0)
}
