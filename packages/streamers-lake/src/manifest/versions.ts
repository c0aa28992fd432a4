import { randomUUID } from 'node:crypto'
import { StreamerError, failpoint } from '@boostercloud/streamer-connector'
import type { LakeStorage } from '../storage'
import { segmentFor, standing, withoutKnown } from './draft'
import type { Draft, LastOf } from './draft'
import { fromJson, toJson } from './json-file'
import { LakeState } from './lake-state'
import type { Checkpoint } from './lake-state'
import { removeReplaced, retire } from './leftovers'
import { draftPath, indexPath, retiredPath } from './manifest'
import type { Gap, Manifest, Passed, Replacing, Segment } from './manifest'

/** So many changes follow a checkpoint at most, and are read one by one. */
const CHECKPOINT_EVERY = 100
/** Files of replaced segments are kept for so long, for engines that read them; milliseconds. */
const REPLACED_LIFE_MS = 3_600_000
/** What is in `drafts` for longer belongs to a process that died; milliseconds. */
const DRAFT_LIFE_MS = 86_400_000

const manifestPath = (version: number): string => `manifests/${String(version).padStart(12, '0')}.json`
const checkpointPath = (version: number): string => `checkpoints/${String(version).padStart(12, '0')}.json`

/** What became of a draft. */
export type Committed =
  | { readonly outcome: 'recorded'; readonly segment: Segment }
  /** Everything in it was in the lake already. */
  | { readonly outcome: 'known' }

/** What is stored of a segment. */
type Files = Pick<Draft, 'bytes' | 'index'>

/** Segments that take the place of others. */
export interface Replacement extends Replacing {
  readonly added: readonly ({ readonly segment: Segment } & Files)[]
  /** The paths of those that they replace. */
  readonly removed: readonly string[]
}

/**
 * The versions of a lake. Each is one manifest, which is created exclusively: of two processes that would make the same version, one succeeds, and the
 * other looks at what has become of the lake and tries the next one. So no two segments ever have one position.
 *
 * A segment is written and synced under `drafts/`, then the manifest that names it is created, and then it gets its path under `segments/`. There is
 * never a file under `segments/` that does not belong to the lake.
 */
export class LakeVersions {
  private state = new LakeState()
  private opening?: Promise<void>
  private listener?: (segment: Segment) => void
  /** Where drafts are written that have not become segments yet. */
  private readonly written = new WeakMap<Draft, Segment>()
  /** What was left of a draft without what the lake had: the same draft, given again, is that. */
  private readonly rests = new WeakMap<Draft, Draft>()

  public constructor(
    private readonly storage: LakeStorage,
    private readonly checkpointEvery = CHECKPOINT_EVERY
  ) {}

  /** The newest version. Several may ask at once. Rejects with a `STORAGE_…` error. */
  public async latest(): Promise<LakeState> {
    await this.opened()
    for (;;) {
      const version = this.state.version + 1
      const path = manifestPath(version)
      const bytes = await this.storage.read(path)
      if (bytes === undefined) return this.state
      this.apply(this.manifestIn(bytes, path, version))
    }
  }

  /**
   * Makes a segment of a draft. Durable when it resolves. What the lake has already is left out. Rejects with `STORAGE_DAMAGED` where the lake lacks
   * events that were read before those of the draft, as one that was restored from an older copy does, and with a `STORAGE_…` error where it is not known
   * whether the segment was taken; the same draft may be given again then.
   */
  public async commit(draft: Draft): Promise<Committed> {
    for (let left = this.rests.get(draft) ?? draft; ;) {
      const state = await this.latest()
      const written = this.written.get(left)
      if (written !== undefined && isIn(state, written)) return this.inPlace(written, left)
      const lastOf = state.lastOf.bind(state)
      const rest = await this.unknown(left, lastOf)
      if (rest === undefined) return { outcome: 'known' }
      if (rest !== left) {
        this.rests.set(draft, rest)
        left = rest
        continue
      }
      const segment = { ...segmentFor(left, lastOf), ...(written && { path: written.path }) }
      if (written === undefined) await this.writeDraft(left, segment)
      if (!(await this.change({ added: [segment], removed: [], cursors: left.cursors, passed: draft.passed }))) continue
      await failpoint('lake:manifest-created')
      return this.inPlace(segment, left)
    }
  }

  /**
   * Notes what is missing for good, and how far partitions are known. Durable when it resolves. What the lake knows already, as another recorder has found it, is left out.
   * Rejects with a `STORAGE_…` error.
   */
  public async note(gaps: readonly Gap[], passed: readonly Passed[]): Promise<void> {
    for (;;) {
      const state = await this.latest()
      const known = (one: Parameters<LakeState['throughOf']>[0]): number => state.throughOf(one) ?? -1
      const fresh = gaps
        .filter((gap) => gap.last > known(gap))
        .map((gap) => ({ ...gap, first: Math.max(gap.first, known(gap) + 1) }))
      const further = passed.filter((one) => one.through > known(one))
      if (fresh.length + further.length === 0) return
      if (await this.change({ added: [], removed: [], cursors: [], gaps: fresh, passed: further })) return
    }
  }

  /**
   * Replaces segments. Readers find the events of those that they know in what replaces them. False where one of them has been replaced by another process.
   * Durable when it resolves with true. The replaced files are moved out of the way, or removed where they must not be kept.
   */
  public async replace({ added, removed, ...replacing }: Replacement): Promise<boolean> {
    for (const { segment, bytes } of added) await this.storage.create(draftPath(segment), bytes)
    await failpoint('lake:replacement-written')
    const segments = added.map(({ segment }) => segment)
    do {
      const state = await this.latest()
      if (removed.every((path) => state.has(path))) continue
      for (const segment of segments) await this.storage.remove(draftPath(segment))
      return false
    } while (!(await this.change({ added: segments, removed, cursors: [], replacing })))
    await failpoint('lake:replacement-created')
    for (const path of removed) await retire(this.storage, { path, at: Date.now(), purge: replacing.purge })
    await failpoint('lake:replaced-retired')
    for (const { segment, ...files } of added) await this.inPlace(segment, files)
    return true
  }

  /** Hears of each segment of recorded events that comes to the lake from now on. */
  public watch(listener: (segment: Segment) => void): void {
    this.listener = listener
  }

  /**
   * Puts right what processes that died have left: segments of the lake get their paths, and drafts that nobody will commit any more are removed. Files of replaced segments
   * are removed after so many milliseconds.
   */
  public async recover(replacedLifeMs = REPLACED_LIFE_MS): Promise<void> {
    await this.storage.tidy(DRAFT_LIFE_MS)
    const drafts = await this.storage.list('drafts')
    const state = await this.latest()
    await removeReplaced(this.storage, state, replacedLifeMs)
    const byDraft = new Map(state.segments.map((segment) => [draftPath(segment), segment]))
    for (const { path, modifiedAt } of drafts) {
      const segment = byDraft.get(path)
      if (segment !== undefined) await this.storage.move(path, segment.path)
      else if (Date.now() - modifiedAt.getTime() > DRAFT_LIFE_MS) await this.storage.remove(path)
    }
  }

  /**
   * Where to look for the bytes of a segment, in this order: in its place, where it was written, should the process have died between, or where it is after it was
   * replaced. It may be moved between these looks, so the first places come once more.
   */
  public placesOf(segment: Pick<Segment, 'path'>): readonly string[] {
    return [segment.path, draftPath(segment), segment.path, retiredPath(segment)]
  }

  /** The draft where all of it is new, the part of it that is, or nothing. Rejects where the lake lacks what comes before. */
  private async unknown(draft: Draft, lastOf: LastOf): Promise<Draft | undefined> {
    const { known, apart } = standing(draft.runs, lastOf)
    if (apart.length > 0) throw this.lacks(apart[0].partition, lastOf(apart[0]))
    if (!known) return draft
    const written = this.written.get(draft)
    if (written !== undefined) await this.storage.remove(draftPath(written))
    return withoutKnown(draft, lastOf)
  }

  private async writeDraft(draft: Draft, segment: Segment): Promise<void> {
    await this.storage.create(draftPath(segment), draft.bytes)
    this.written.set(draft, segment)
    await failpoint('lake:draft-written')
  }

  private async inPlace(segment: Segment, { bytes, index }: Files): Promise<Committed> {
    const isMoved = await this.storage.move(draftPath(segment), segment.path)
    const state = await this.latest()
    // Another process may have replaced it already.
    if (!state.has(segment.path)) {
      const purge = state.replaced.find(({ path }) => path === segment.path)?.purge ?? false
      await retire(this.storage, { path: segment.path, at: Date.now(), purge })
    }
    // A process whose clock is far ahead may have removed the draft. The manifest is there, so the segment has to be.
    else {
      if (!isMoved) await this.storage.create(segment.path, bytes)
      await this.storage.create(indexPath(segment), index)
    }
    await failpoint('lake:segment-in-place')
    return { outcome: 'recorded', segment }
  }

  /** Makes the next version. False where another process has made it. */
  private async change(change: Omit<Manifest, 'version' | 'change' | 'at'>): Promise<boolean> {
    const version = this.state.version + 1
    const manifest: Manifest = { version, change: randomUUID(), at: new Date().toISOString(), ...change }
    const path = manifestPath(version)
    await failpoint('lake:before-manifest')
    if (!(await this.storage.create(path, toJson(manifest)))) return false
    this.apply(manifest)
    if (version % this.checkpointEvery === 0) await this.check(version)
    return true
  }

  /** Makes a checkpoint, and removes those before the last one: each has all segments of the lake. */
  private async check(version: number): Promise<void> {
    await this.storage.create(checkpointPath(version), toJson(this.state.checkpoint()))
    const outdated = checkpointPath(version - this.checkpointEvery)
    for (const { path } of await this.storage.list('checkpoints')) if (path < outdated) await this.storage.remove(path)
  }

  /** Whoever asks at the same time may have read a manifest too. */
  private apply(manifest: Manifest): void {
    if (manifest.version !== this.state.version + 1) return
    this.state.apply(manifest)
    if (manifest.replacing === undefined) manifest.added.forEach((segment) => this.listener?.(segment))
  }

  private async opened(): Promise<void> {
    this.opening ??= this.open()
    try {
      await this.opening
    } catch (thrown) {
      this.opening = undefined
      throw thrown
    }
  }

  private async open(): Promise<void> {
    const checkpoints = (await this.storage.list('checkpoints')).map(({ path }) => path).sort()
    const newest = checkpoints[checkpoints.length - 1]
    const bytes = newest === undefined ? undefined : await this.storage.read(newest)
    if (bytes !== undefined) this.state = new LakeState(this.checkpointIn(bytes, newest))
  }

  private checkpointIn(bytes: Uint8Array, path: string): Checkpoint {
    const checkpoint = fromJson<Checkpoint>(bytes, this.storage.place, path)
    const { version, segments, positions, cursors } = checkpoint
    if (checkpointPath(version) === path && [segments, positions, cursors].every(Array.isArray)) return checkpoint
    throw new StreamerError(
      'STORAGE_DAMAGED',
      `The file ${path} of the lake is not the checkpoint that it should be.`,
      {
        at: `${this.storage.place}/${path}`,
        hint: 'Restore this file from a backup, or remove it: the manifests say the same.',
      }
    )
  }

  private manifestIn(bytes: Uint8Array, path: string, version: number): Manifest {
    const manifest = fromJson<Manifest>(bytes, this.storage.place, path)
    if (manifest.version === version && Array.isArray(manifest.added)) return manifest
    throw new StreamerError('STORAGE_DAMAGED', `The file ${path} of the lake is not the manifest that it should be.`, {
      at: `${this.storage.place}/${path}`,
      hint: 'Restore this file from a backup.',
    })
  }

  private lacks(partition: string, last: number | undefined): StreamerError {
    return new StreamerError(
      'STORAGE_DAMAGED',
      `The lake ends at position ${last ?? 'none'} of partition ${partition}, and has had more: it was restored from an older copy, or replaced.`,
      {
        at: this.storage.place,
        hint: 'Start the recorder again: it reads on from where the lake ends, as far as the broker still has it.',
      }
    )
  }
}

/** Whether a manifest has named a segment: one whose creation seemed to fail, or whose segment was replaced already. */
function isIn(state: LakeState, { path }: Segment): boolean {
  return state.has(path) || state.movedOf(path) !== undefined
}
