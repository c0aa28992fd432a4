import { SegmentIndexReader, SegmentIndexWriter } from '../format'
import { indexPath } from '../manifest'
import type { LakeVersions, Segment } from '../manifest'
import { eventsOf } from '../read'
import type { LakeStorage } from '../storage'

/** Makes the indexes of segments that have none, or one that is damaged: of lakes that were recorded by earlier versions, and of processes that died. */
export async function makeIndexes(storage: LakeStorage, versions: LakeVersions): Promise<void> {
  for (const segment of (await versions.latest()).segments) {
    if (await hasIndex(storage, segment)) continue
    const index = new SegmentIndexWriter()
    for await (const events of eventsOf(storage, versions, segment)) for (const event of events) index.add(event)
    await storage.remove(indexPath(segment))
    await storage.create(indexPath(segment), index.finish())
    // What was replaced meanwhile needs none.
    if (!(await versions.latest()).has(segment.path)) await storage.remove(indexPath(segment))
  }
}

async function hasIndex(storage: LakeStorage, segment: Segment): Promise<boolean> {
  const file = await storage.open(indexPath(segment))
  if (file === undefined) return false
  try {
    return (await (await SegmentIndexReader.open(file, segment.rows))?.isWhole()) ?? false
  } finally {
    await file.close()
  }
}
