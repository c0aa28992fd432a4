import { SegmentIndexReader } from '../format'
import { indexPath } from '../manifest'
import type { Segment } from '../manifest'
import type { LakeStorage } from '../storage'
import type { LakeFilter } from './filter'

/** Rows of a segment, as ranges in ascending order. */
type Ranges = readonly (readonly [number, number])[]

/** Rows among which all wanted ones are, by the index of the segment. Undefined where it has none, or the filter names neither id nor key. */
export async function findRows(
  storage: LakeStorage,
  segment: Segment,
  { id, key }: LakeFilter
): Promise<Ranges | undefined> {
  if (id === undefined && key === undefined) return undefined
  const file = await storage.open(indexPath(segment))
  if (file === undefined) return undefined
  try {
    const index = await SegmentIndexReader.open(file, segment.rows)
    return await (id === undefined ? index?.rowsOf('key', key ?? '') : index?.rowsOf('id', id))
  } finally {
    await file.close()
  }
}
