import type { RecordedEvent } from '../format'
import { addressKey, partitionKey, partitionOf } from '../manifest'
import type { LakeVersions, Replacement, Run, Segment } from '../manifest'
import { eventsOf } from '../read'
import type { LakeStorage } from '../storage'
import { countIn } from './count-in'
import { rewrite } from './rewrite'

/**
 * Which events are not kept any more.
 * @experimental
 */
export interface RetainOptions {
  /** The address whose events these are, as `main-kafka/posts`. */
  readonly address: string
  /** Events that were recorded before are removed. */
  readonly before: Date
  /** Only count, and change nothing. Default false. */
  readonly dryRun?: boolean
}

/**
 * What was removed for its age, or would be.
 * @experimental
 */
export interface Retained {
  readonly events: number
  /** Segments that had them. */
  readonly segments: number
}

/** Removes the events of an address that were recorded before a time. */
export async function retain(
  storage: LakeStorage,
  versions: LakeVersions,
  { address, before, dryRun = false }: RetainOptions
): Promise<Retained> {
  if (!dryRun) await versions.recover()
  const limit = before.getTime()
  let [events, segments] = [0, 0]
  for (const segment of (await versions.latest()).segments) {
    if (segment.recordedFrom >= limit || !segment.addresses.includes(address)) continue
    const aged = new Aged(address, limit)
    const count = dryRun
      ? await countIn(eventsOf(storage, versions, segment), (event) => aged.takes(event))
      : await removeAged(storage, versions, segment, aged)
    if (count === 0) continue
    events += count
    segments += 1
  }
  return { events, segments }
}

/** How many were removed: none where another process has replaced the segment. */
async function removeAged(storage: LakeStorage, versions: LakeVersions, segment: Segment, aged: Aged): Promise<number> {
  const rest = await rewrite(storage, versions, [segment], (event) => !aged.takes(event))
  const isRemoved = rest.left > 0 && (await versions.replace(withoutAged(segment, rest, aged)))
  return isRemoved ? rest.left : 0
}

/** Knows which events are too old, and what is kept of each of their partitions. */
class Aged {
  public readonly lastTaken = new Map<string, number>()
  public readonly firstKept = new Map<string, number>()

  public constructor(
    private readonly address: string,
    private readonly limit: number
  ) {}

  public takes(event: RecordedEvent): boolean {
    const isTaken = event.recordedAt < this.limit && addressKey(event) === this.address
    const partition = partitionOf(event)
    if (partition === undefined || event.position === undefined) return isTaken
    const key = partitionKey(partition)
    if (isTaken) this.lastTaken.set(key, event.position)
    else if (!this.firstKept.has(key)) this.firstKept.set(key, event.position)
    return isTaken
  }
}

/** What a segment becomes: its runs begin behind what was taken. */
function withoutAged(segment: Segment, rest: Awaited<ReturnType<typeof rewrite>>, aged: Aged): Replacement {
  const runs = rest.segment.runs.flatMap((run) => shortened(run, segment, aged))
  const floors = rest.segment.runs.flatMap((run) => floorOf(run, aged))
  const { added, removed, moved } = rest
  const isEmpty = rest.segment.rows === 0
  return {
    added: isEmpty ? [] : [{ ...added[0], segment: { ...rest.segment, runs } }],
    removed,
    moved: isEmpty ? [] : moved,
    floors,
    purge: true,
  }
}

/** What is left of a run. */
function shortened(run: Run, segment: Segment, aged: Aged): Run[] {
  const key = partitionKey(run)
  const taken = aged.lastTaken.get(key)
  if (taken === undefined) return [run]
  if (run.rows === 0) return []
  const { forgotten: _, ...kept } = run
  const forgotten = segment.runs.find((one) => partitionKey(one) === key)?.forgotten
  return [{ ...kept, after: taken, first: aged.firstKept.get(key) ?? run.first, ...(forgotten && { forgotten }) }]
}

function floorOf(run: Run, aged: Aged): Replacement['floors'] {
  const taken = aged.lastTaken.get(partitionKey(run))
  const partition = partitionOf(run)
  if (taken === undefined || partition === undefined) return []
  return [{ ...partition, last: run.rows === 0 ? run.last : taken }]
}
