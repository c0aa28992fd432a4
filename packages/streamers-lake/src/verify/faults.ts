import { createHash } from 'node:crypto'
import { isStreamerError } from '@boostercloud/streamer-connector'
import { SegmentIndexReader, SegmentReader, fileOf } from '../format'
import { LakeVersions, indexPath, addressKey } from '../manifest'
import type { NotedGap, Segment } from '../manifest'
import type { LakeStorage } from '../storage'
import type { LakeFault } from './fault'
import { FoundRuns } from './found-runs'
import { PositionCheck } from './position-check'

/**
 * How a lake is verified.
 * @experimental
 */
export interface VerifyOptions {
  /** Called for each segment before it is read. */
  readonly onSegment?: (segment: { readonly path: string; readonly events: number }) => void
}

const MANIFEST = /^manifests\/0*(\d+)\.json$/

/** Each thing that is wrong with the lake as it is when the first one is asked for. Holds one segment in memory at a time. */
export async function* faultsOf(
  storage: LakeStorage,
  { onSegment }: VerifyOptions
): AsyncGenerator<LakeFault, void, undefined> {
  // Listed first: a segment gets its place after its manifest, so that each file of the list is in the version that is read then.
  const files = await storage.list('segments')
  const missing = await missingManifests(storage)
  yield* missing
  const versions = new LakeVersions(storage)
  const state = await versions.latest()
  const { segments, gaps } = state
  const positions = new PositionCheck(state.floors)
  for (const segment of segments) {
    onSegment?.({ path: segment.path, events: segment.rows })
    yield* faultsOfSegment(storage, versions, segment, positions)
  }
  yield* gaps.map(deleted)
  if (missing.length > 0) return
  const known = new Set([...segments, ...state.replaced].map(({ path }) => path))
  for (const { path } of files) {
    if (!known.has(path)) yield { kind: 'file-unknown', path, message: 'No manifest of the lake names this file.' }
  }
}

function deleted(gap: NotedGap): LakeFault {
  const { partition, first, last, after = 'no event', before = 'nothing yet', version } = gap
  const message = `The broker deleted positions ${first} to ${last} of ${addressKey(gap)}, partition ${partition}, before they were recorded: between ${after} and ${before}.`
  return { kind: 'events-deleted', path: `manifests/${String(version).padStart(12, '0')}.json`, message }
}

async function missingManifests(storage: LakeStorage): Promise<LakeFault[]> {
  const there = new Set((await storage.list('manifests')).map(({ path }) => Number(MANIFEST.exec(path)?.[1])))
  const newest = Math.max(0, ...[...there].filter((version) => !Number.isNaN(version)))
  const faults: LakeFault[] = []
  for (let version = 1; version <= newest; version += 1) {
    if (there.has(version)) continue
    const path = `manifests/${String(version).padStart(12, '0')}.json`
    faults.push({ kind: 'manifest-missing', path, message: `Version ${version} of the lake is missing.` })
  }
  return faults
}

async function* faultsOfSegment(
  storage: LakeStorage,
  versions: LakeVersions,
  segment: Segment,
  positions: PositionCheck
): AsyncGenerator<LakeFault, void, undefined> {
  const { path, sha256 } = segment
  yield* positions.runs(segment)
  const bytes = await bytesOf(storage, versions, segment)
  if (bytes === undefined) {
    // One that was replaced meanwhile may be gone.
    if (!(await versions.latest()).has(path)) return
    return yield { kind: 'segment-missing', path, message: 'The file is missing.' }
  }
  if (createHash('sha256').update(bytes).digest('hex') !== sha256) {
    const message = `The file has ${bytes.byteLength} bytes and is not the one of ${segment.bytes} bytes that was written.`
    return yield { kind: 'segment-changed', path, message }
  }
  try {
    const wrong = await wrongIn(bytes, segment)
    if (wrong !== undefined) yield { kind: 'segment-unreadable', path, message: wrong }
    if (await isIndexWrong(storage, segment))
      yield { kind: 'index-changed', path: indexPath(segment), message: INDEX_WRONG }
  } catch (thrown) {
    if (!isStreamerError(thrown) || thrown.code !== 'STORAGE_DAMAGED') throw thrown
    yield { kind: 'segment-unreadable', path, message: thrown.message }
  }
}

const INDEX_WRONG = 'The index is not the one that was written: events may not be found by id or key. Run lake compact.'

/** A segment without an index is looked through. */
async function isIndexWrong(storage: LakeStorage, segment: Segment): Promise<boolean> {
  const bytes = await storage.read(indexPath(segment))
  if (bytes === undefined) return false
  const index = await SegmentIndexReader.open(fileOf(bytes), segment.rows)
  return index === undefined || !(await index.isWhole())
}

async function bytesOf(
  storage: LakeStorage,
  versions: LakeVersions,
  segment: Segment
): Promise<Uint8Array | undefined> {
  for (const path of versions.placesOf(segment)) {
    const bytes = await storage.read(path)
    if (bytes !== undefined) return bytes
  }
  return undefined
}

/** What a whole file has that its manifest does not say, or lacks. */
async function wrongIn(bytes: Uint8Array, { path, rows, runs }: Segment): Promise<string | undefined> {
  const reader = await SegmentReader.open(fileOf(bytes), path)
  if (reader.rows !== rows) return `It has ${reader.rows} events; its manifest says ${rows}.`
  const found = new FoundRuns()
  for await (const events of reader.events()) for (const event of events) found.add(event)
  return found.disorder ?? runs.map((run) => found.differenceFrom(run)).find((difference) => difference !== undefined)
}
