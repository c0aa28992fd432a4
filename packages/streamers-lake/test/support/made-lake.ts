import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Lake } from '../../src'
import { SegmentWriter } from '../../src/format'
import type { RecordedEvent } from '../../src/format'
import { DraftSummary, LakeVersions, ensureLake } from '../../src/manifest'
import type { Draft } from '../../src/manifest'
import { FolderStorage } from '../../src/storage'

/** What becomes a segment of these events. */
export function draftOf(events: readonly RecordedEvent[], readFrom: number | null = null): Draft {
  const summary = new DraftSummary()
  const writer = new SegmentWriter()
  for (const event of events) {
    summary.add(event, readFrom)
    writer.add(event)
  }
  return summary.draft(writer.finish(), [])
}

/** A lake in a folder of its own, with a segment for each of these lists. */
export class MadeLake {
  private constructor(
    public readonly folder: string,
    public readonly lake: Lake,
    public readonly storage: FolderStorage,
    private readonly versions: LakeVersions
  ) {}

  public static async of(...segments: readonly (readonly RecordedEvent[])[]): Promise<MadeLake> {
    const folder = await mkdtemp(join(tmpdir(), "lake [it's] "))
    const storage = new FolderStorage(folder)
    await ensureLake(storage, () => storage.isForeign())
    const made = new MadeLake(folder, Lake.with({ path: folder }), storage, new LakeVersions(storage))
    for (const events of segments) await made.add(events)
    return made
  }

  /** Records events as one more segment. Resolves with its path in the lake. */
  public async add(events: readonly RecordedEvent[]): Promise<string> {
    const committed = await this.versions.commit(draftOf(events))
    if (committed.outcome !== 'recorded') throw new Error('They were recorded before.')
    return committed.segment.path
  }

  public async remove(): Promise<void> {
    await this.lake.close()
    await rm(this.folder, { recursive: true })
  }
}
