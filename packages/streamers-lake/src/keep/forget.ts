import { SegmentReader, fileOf } from '../format'
import type { RecordedEvent } from '../format'
import { draftPath } from '../manifest'
import type { LakeVersions, Segment } from '../manifest'
import { eventsOf } from '../read'
import type { LakeStorage } from '../storage'
import { countIn } from './count-in'
import { rewrite } from './rewrite'

/**
 * How an entity is forgotten.
 * @experimental
 */
export interface ForgetOptions {
  /** Only count, and change nothing. Default false. */
  readonly dryRun?: boolean
  /** Called for each segment before it is looked through. */
  readonly onSegment?: (segment: { readonly path: string; readonly events: number }) => void
}

/**
 * What was forgotten, or would be.
 * @experimental
 */
export interface Forgotten {
  readonly events: number
  /** Segments that had them. */
  readonly segments: number
  /** Events that a recorder has read and not recorded yet. They are forgotten when this is done again, after its segment is closed. */
  readonly waiting: number
}

/** A draft that is older belongs to no recorder that lives; milliseconds. */
const DRAFT_ENDS_MS = 600_000

/** Removes the events of an entity from every file of the lake. */
export async function forget(
  storage: LakeStorage,
  versions: LakeVersions,
  entity: string,
  { dryRun = false, onSegment }: ForgetOptions
): Promise<Forgotten> {
  const isOf = ({ key, subject }: RecordedEvent): boolean => key === entity || subject === entity
  if (!dryRun) await versions.recover()
  let [events, segments] = [0, 0]
  const looked = new Set<string>()
  for (let next: Segment | undefined; (next = await unlooked(versions, looked)) !== undefined;) {
    looked.add(next.path)
    onSegment?.({ path: next.path, events: next.rows })
    const count = await countIn(eventsOf(storage, versions, next), isOf)
    if (count === 0) continue
    if (!dryRun && !(await removeFrom(storage, versions, next, isOf, looked))) continue
    events += count
    segments += 1
  }
  const waiting = await inDrafts(storage, versions, isOf, dryRun)
  if (!dryRun) await removeCopies(storage)
  return { events, segments, waiting }
}

/** A segment that was not looked through. Others may be put together meanwhile: those are looked through again. */
async function unlooked(versions: LakeVersions, looked: ReadonlySet<string>): Promise<Segment | undefined> {
  return (await versions.latest()).segments.find(({ path }) => !looked.has(path))
}

/** False where another process has replaced the segment. */
async function removeFrom(
  storage: LakeStorage,
  versions: LakeVersions,
  segment: Segment,
  isOf: (event: RecordedEvent) => boolean,
  looked: Set<string>
): Promise<boolean> {
  const { segment: rest, ...replacement } = await rewrite(storage, versions, [segment], (event) => !isOf(event))
  looked.add(rest.path)
  return versions.replace({ ...replacement, floors: [], purge: true })
}

/** Events in drafts that no manifest names. Those of processes that died are removed; nobody acknowledged their events. */
async function inDrafts(
  storage: LakeStorage,
  versions: LakeVersions,
  isOf: (event: RecordedEvent) => boolean,
  dryRun: boolean
): Promise<number> {
  const drafts = await storage.list('drafts')
  const known = new Set((await versions.latest()).segments.map(draftPath))
  let waiting = 0
  for (const { path, modifiedAt } of drafts) {
    const bytes = known.has(path) ? undefined : await storage.read(path)
    if (bytes === undefined) continue
    const reader = await SegmentReader.open(fileOf(bytes), `${storage.place}/${path}`)
    const count = await countIn(reader.events(), isOf)
    const hasEnded = Date.now() - modifiedAt.getTime() > DRAFT_ENDS_MS
    if (count > 0 && hasEnded && !dryRun) await storage.remove(path)
    else waiting += count
  }
  return waiting
}

/** Files that a reader would not miss: those of replaced segments, and pins of queries. */
async function removeCopies(storage: LakeStorage): Promise<void> {
  for (const { path } of await storage.list('retired')) await storage.remove(path)
  await storage.unpin()
}
