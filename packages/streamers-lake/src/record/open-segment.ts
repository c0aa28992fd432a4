import { SegmentWriter } from '../format'
import type { RecordedEvent } from '../format'
import { DraftSummary } from '../manifest'
import type { Cursor, Draft } from '../manifest'
import type { LakeSettings } from '../options'

/** Told how far an address is recorded. */
export interface Settling {
  /** Where the position is the reader's: its cursor, for an event's id. */
  cursorAt(eventId: string): Cursor | undefined
  /** So many events are recorded: everything up to the one of this id, where events have ids by which they are settled. */
  settle(eventId: string | undefined, count: number): Promise<void>
}

/** A segment that is being filled. */
export class OpenSegment {
  private readonly writer = new SegmentWriter()
  private readonly summary = new DraftSummary()
  private readonly marks = new Map<Settling, { eventId?: string; count: number }>()
  private since?: number

  public constructor(private readonly limits: Pick<LakeSettings, 'segmentMs' | 'segmentEvents' | 'segmentBytes'>) {}

  /** Whether nothing was read for it, nor anything that is to be acknowledged. */
  public get isEmpty(): boolean {
    return this.marks.size === 0
  }

  /** The events in it. */
  public get rows(): number {
    return this.writer.rows
  }

  /** Whether it takes nothing any more. */
  public get isFull(): boolean {
    return this.writer.rows >= this.limits.segmentEvents || this.writer.bytes >= this.limits.segmentBytes
  }

  /** Milliseconds until it is old enough to be closed; 0: now. */
  public get dueMs(): number {
    if (this.isFull) return 0
    if (this.since === undefined) return this.limits.segmentMs
    return Math.max(0, this.since + this.limits.segmentMs - performance.now())
  }

  /** Adds an event. `readFrom`: what was read of its partition before. */
  public add(event: RecordedEvent, readFrom: number | null): void {
    this.writer.add(event)
    this.summary.add(event, readFrom)
  }

  /** So many events of an address are in it, up to the one of this id. */
  public mark(settling: Settling, eventId: string | undefined, count: number): void {
    this.since ??= performance.now()
    const known = this.marks.get(settling)
    this.marks.set(settling, { eventId: eventId ?? known?.eventId, count: (known?.count ?? 0) + count })
  }

  /** What is to become a segment; undefined where it has no events. */
  public draft(): Draft | undefined {
    if (this.rows === 0) return undefined
    const cursors = Array.from(this.marks, ([settling, { eventId }]) =>
      eventId === undefined ? undefined : settling.cursorAt(eventId)
    )
    return this.summary.draft(this.writer.finish(), cursors.filter((cursor) => cursor !== undefined) as Cursor[])
  }

  /** Tells all addresses that it is recorded. */
  public async settle(): Promise<void> {
    for (const [settling, { eventId, count }] of this.marks) await settling.settle(eventId, count)
  }
}
