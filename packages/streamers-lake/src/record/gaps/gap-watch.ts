import { Stopwatch, isBounded, isLagReporting } from '@boostercloud/streamer-connector'
import type { PartitionBounds, StreamerConnector } from '@boostercloud/streamer-connector'
import type { RecordedEvent } from '../../format'
import { partitionKey } from '../../manifest'
import type { Gap, LakeState, PartitionOf, Passed } from '../../manifest'

/** So many times as long as a look takes, none follows: a broker that is near is asked often, and one that is far away is not busy with it. */
const PAUSE_BY_LOOK = 50
/** The longest pause between two looks; milliseconds. */
const LONGEST_PAUSE_MS = 30_000
/** Jumps that are kept until it is known whether the broker deleted what is between. */
const MOST_JUMPS = 1_000

/** Positions that did not come, between two that did. */
type Jump = Omit<Gap, 'foundAt' | 'after'>

/**
 * Finds what the broker deleted before it was read. Positions that are left out are no sign of it: a log counts events of other topics, and Kafka its transactions. So
 * the broker is asked whether it has deleted any of them.
 */
export class GapWatch {
  /** Gaps that the lake does not name yet. */
  public found: Gap[] = []
  /** How far partitions are known, where nothing recorded says it. */
  public passed: Passed[] = []
  private jumps: Jump[] = []
  private looked?: { readonly ago: Stopwatch; readonly pauseMs: number }

  public constructor(
    private readonly connector: StreamerConnector,
    private readonly at: { readonly streamer: string; readonly topic?: string },
    private readonly state: LakeState
  ) {}

  /** The next event of a partition. `before`: the position that was read before it. */
  public saw(partition: PartitionOf, position: number, before: number | undefined, { time }: RecordedEvent): void {
    // Nearly every event follows the one before it.
    if (before === undefined || position === before + 1 || !isBounded(this.connector)) return
    const first = Math.max(before, this.throughOf(partition)) + 1
    if (position > first)
      this.jumps.push({
        ...partition,
        first,
        last: position - 1,
        ...(time !== undefined && { before: time }),
      })
  }

  /** Whether the broker is to be asked before more is read. */
  public get isFull(): boolean {
    return this.jumps.length >= MOST_JUMPS
  }

  /** Asks whether what was left out was deleted. Rejects as the broker does; what is open then is asked the next time. */
  public async settle(): Promise<void> {
    if (this.jumps.length === 0 || !isBounded(this.connector)) return
    const { jumps } = this
    const bounds = await this.connector.bounds(this.at.topic)
    this.jumps = this.jumps.slice(jumps.length)
    for (const jump of jumps) {
      const { first = 0 } = bounds.find((one) => isOf(one, jump)) ?? {}
      if (first > jump.first) this.find({ ...jump, last: Math.min(jump.last, first - 1) })
    }
  }

  /**
   * Looks, at the first call and now and then, whether something was deleted that nobody has read, while nothing comes that would show it. `readTo`: the last position that
   * was read of a partition. `cursor`: how far the address is read; undefined while something that was read is not recorded. `isLast`: nothing is read any more. Rejects as the broker does.
   */
  public async look(
    readTo: (partition: PartitionOf) => number | undefined,
    cursor?: { readonly at?: string },
    isLast = false
  ): Promise<void> {
    const { connector, at, looked } = this
    if (!isBounded(connector) || (looked && looked.ago.elapsedMs < looked.pauseMs && !isLast)) return
    const begun = performance.now()
    const bounds = await connector.bounds(at.topic)
    const known = bounds.flatMap((one) => this.partitionOf(one) ?? [])
    for (const one of known) this.compare(one, readTo(one.partition))
    const lag = cursor && isLagReporting(connector) ? await connector.lag(at.topic, cursor.at) : undefined
    const pauseMs = Math.min(LONGEST_PAUSE_MS, PAUSE_BY_LOOK * (performance.now() - begun))
    this.looked = { ago: new Stopwatch(), pauseMs }
    if (lag !== 0) return
    this.passed = known
      .map(({ partition, end }) => ({ ...partition, through: end - 1 }))
      .filter((one) => one.through > (this.state.throughOf(one) ?? -1))
  }

  /** What is before the first event that the broker has, and behind the last one that is known, is lost. */
  private compare({ partition, first }: { partition: PartitionOf; first: number }, readTo = -1): void {
    const through = Math.max(readTo, this.throughOf(partition))
    if (through >= 0 && first > through + 1) this.find({ ...partition, first: through + 1, last: first - 1 })
  }

  private throughOf(partition: PartitionOf): number {
    const own = this.passed.find((one) => partitionKey(one) === partitionKey(partition))?.through ?? -1
    return Math.max(own, this.state.throughOf(partition) ?? -1)
  }

  private find(gap: Jump): void {
    const overlaps = (one: Gap): boolean =>
      partitionKey(one) === partitionKey(gap) && one.first <= gap.last && gap.first <= one.last
    if (!this.found.some(overlaps)) this.found.push({ ...gap, ...this.afterOf(gap), foundAt: new Date().toISOString() })
  }

  /** When what comes before it was recorded. */
  private afterOf(partition: PartitionOf): { after?: string } {
    const at = this.state.recordedAtOf(partition)
    return at === undefined ? {} : { after: new Date(at).toISOString() }
  }

  /** The partition as the lake names it. A broker that does not tell its log is taken to have the one that was read last. */
  private partitionOf(bounds: PartitionBounds): { partition: PartitionOf; first: number; end: number } | undefined {
    const { partition: name, first, end, logId } = bounds
    const known = [...this.state.partitions]
      .reverse()
      .find((one) => one.streamer === this.at.streamer && one.topic === this.at.topic && one.partition === name)
    const log = logId ?? known?.log
    if (logId === undefined && known === undefined) return undefined
    return { partition: { ...this.at, ...(log !== undefined && { log }), partition: name }, first, end }
  }
}

function isOf({ partition, logId }: PartitionBounds, jump: PartitionOf): boolean {
  return partition === jump.partition && (logId === undefined || jump.log === undefined || logId === jump.log)
}
