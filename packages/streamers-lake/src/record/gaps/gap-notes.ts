import { endsWithin } from '@boostercloud/streamer-connector'
import type { StreamerLogger } from '@boostercloud/streamer-connector'
import type { Gap, LakeVersions, Passed } from '../../manifest'
import type { AddressReader } from '../address-reader'

/** Milliseconds that brokers may take to say what they still have, when a recorder stops. */
const ANSWER_MS = 5_000

/** Notes in the lake what the brokers deleted before it was recorded. */
export class GapNotes {
  public constructor(
    private readonly readers: readonly AddressReader[],
    private readonly versions: LakeVersions,
    private readonly log: StreamerLogger
  ) {}

  /** Whether there is a gap that the lake does not name. */
  public get areDue(): boolean {
    return this.readers.some(({ watch }) => watch.found.length > 0)
  }

  /** How far partitions are known, where nothing recorded says it. */
  public get passed(): readonly Passed[] {
    return this.readers.flatMap(({ watch }) => watch.passed)
  }

  /** Asks the brokers whether what was left out was deleted. One that does not answer is asked before the next segment. */
  public async settle(): Promise<void> {
    for (const { watch, address } of this.readers) {
      await watch.settle().catch((error: unknown) => {
        this.log.warn(`It is not known yet whether '${address}' has lost events before they were recorded.`, error)
      })
    }
  }

  /** Names all gaps in the lake. Rejects with a `STORAGE_…` error. */
  public async note(passed: readonly Passed[] = []): Promise<void> {
    const gaps = this.readers.flatMap(({ watch }) => watch.found)
    if (gaps.length + passed.length === 0) return
    await this.versions.note(gaps, passed)
    for (const { watch, address } of this.readers) {
      for (const gap of watch.found) this.log.error(lostWords(address, gap))
      watch.found = watch.found.filter((gap) => !gaps.includes(gap))
    }
  }

  /** The last word of a recorder: how far quiet topics are known, so that what is deleted later is not taken for lost. Never rejects. */
  public async noteAtEnd(): Promise<void> {
    const looks = this.readers.map((reader) => reader.look(true))
    // A broker that is away says nothing: what it deletes meanwhile is taken for lost then.
    await endsWithin(ANSWER_MS, Promise.allSettled(looks))
    await this.note(this.passed).catch((error: unknown) => {
      this.log.warn('How far quiet topics were read could not be stored in the lake.', error)
    })
  }
}

/** What was lost, for an operator. */
function lostWords(address: string, { partition, first, last, after }: Gap): string {
  const since = after === undefined ? '' : ` The last event before them was recorded at ${after}.`
  return `The broker has deleted positions ${first} to ${last} of '${address}', partition ${partition}, before they were recorded. Events among them are not in the lake.${since} Give the topic a longer retention.`
}
