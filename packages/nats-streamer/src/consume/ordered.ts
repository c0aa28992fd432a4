import { decodedInOrder } from '@boostercloud/streamer-connector'
import type { ExternalEvent } from '@boostercloud/streamer-connector'
import { errorFrom, unavailable } from '../client'
import type { Connection, Notices } from '../client'
import { subjectToRead } from '../options'
import type { NatsStreamerSettings } from '../options'
import { formatPosition, parsePosition, placeIn } from '../wire'
import type { Delivered, Placed } from '../wire'
import { OrderedReader } from './ordered-reader'
import { Progress, together } from './progress'
import type { Backlog } from './progress'

/** Readers between two polls: one for each topic, and for each handler that begins elsewhere. */
const MOST_IDLE = 64
/** Milliseconds after which a reader that nobody polls is let go. */
const IDLE_MS = 60_000
/** A consumer that is gone again and again is not made anew in one poll more often than that. */
const MOST_OPENINGS = 3

/** A topic, and how its messages become events. */
export interface ReceivedBy {
  readonly topic: string
  /** A promise only where the codec needs one. Rejects only with what may pass, as a registry that is away. */
  decode(placed: Placed, eventId: string): ExternalEvent | Promise<ExternalEvent>
}

/** A reader between polls. */
interface Kept {
  readonly topic: string
  readonly reader: OrderedReader
  /** What the next poll must hand back for this reader to go on. */
  cursor: string | undefined
  taken: boolean
  polledAt: number
  readonly progress: Progress
}

interface Wanted {
  readonly limit: number
  readonly waitMs: number
}

/** Polling where the position is the receiver's: a reader is kept from poll to poll, as long as the cursors follow each other. */
export class OrderedPolling {
  /** The one polled last is the last one. */
  private kept: Kept[] = []
  private isClosed = false

  public constructor(
    private readonly connection: Connection,
    private readonly settings: NatsStreamerSettings,
    private readonly notices: Notices
  ) {}

  /** The messages that follow a position, as events. Waits up to `pollWaitMs` for the first. */
  public async poll(from: ReceivedBy, cursor: string | undefined): Promise<ExternalEvent[]> {
    // The connection may have been opened for a poll that was called before the close.
    if (this.isClosed) return []
    const { pollBatch, pollWaitMs } = this.settings
    let deadline: number | undefined
    let start = cursor
    for (let openings = 1; ; openings += 1) {
      const kept = await this.take(from.topic, cursor, start)
      deadline ??= performance.now() + pollWaitMs
      const events = await this.next(kept, from, { limit: pollBatch, waitMs: deadline - performance.now() })
      const { ended } = kept.reader
      if (events.length > 0 || !ended || this.isClosed) return events
      this.drop(kept)
      if (kept.reader.isRewritten) {
        this.notices.startsOver(from.topic, String(cursor), 'the stream has another event there')
        start = undefined
      }
      if (openings >= MOST_OPENINGS) throw unavailable(`reading has ended: ${ended.message}`, from.topic, ended)
      await this.connection.whenUp(deadline - performance.now())
    }
  }

  /** How much waits for the readers that are polled. Rejects where the server does not answer. */
  public async backlog(): Promise<Backlog> {
    this.dropIdle()
    const inUse = this.kept.filter(({ reader }) => !reader.ended)
    const { stream } = this.settings
    return together(
      await Promise.all(inUse.map(async ({ reader, progress }) => progress.with(await reader.pending(stream))))
    )
  }

  /** Lets waiting polls go. */
  public close(): void {
    this.isClosed = true
    for (const kept of [...this.kept]) this.drop(kept)
  }

  private async next(kept: Kept, from: ReceivedBy, { limit, waitMs }: Wanted): Promise<ExternalEvent[]> {
    let count = 0
    kept.progress.waits()
    try {
      const delivered = await kept.reader.next(limit, waitMs)
      count = delivered.length
      return count === 0 ? [] : await this.handOut(kept, delivered, from)
    } catch (error) {
      this.drop(kept)
      throw error
    } finally {
      kept.progress.polled(count)
      kept.polledAt = performance.now()
      kept.taken = false
    }
  }

  private async handOut(kept: Kept, delivered: readonly Delivered[], from: ReceivedBy): Promise<ExternalEvent[]> {
    const { streamId } = kept.reader.begin
    const events = await decodedInOrder(delivered, ({ message, sequence, timestamp }) =>
      from.decode({ message, place: placeIn(streamId, sequence) }, formatPosition({ streamId, sequence, timestamp }))
    )
    kept.cursor = events[events.length - 1].eventId
    return events
  }

  /** The reader that has handed out up to the cursor, or a new one. */
  private async take(topic: string, cursor: string | undefined, start: string | undefined): Promise<Kept> {
    const found = this.kept.find((one) => one.topic === topic && one.cursor === cursor && !one.taken)
    if (found?.reader.ended) this.drop(found)
    else if (found) {
      found.taken = true
      this.kept = [...this.kept.filter((one) => one !== found), found]
      return found
    }
    const reader = await this.open(topic, start)
    const made: Kept = { topic, reader, cursor, taken: true, polledAt: performance.now(), progress: new Progress() }
    this.kept.push(made)
    if (this.isClosed) this.drop(made)
    this.dropIdle()
    return made
  }

  private dropIdle(): void {
    const idle = this.kept.filter(({ taken }) => !taken)
    const tooMany = Math.max(0, idle.length - MOST_IDLE)
    for (const [index, one] of idle.entries()) {
      if (index < tooMany || performance.now() - one.polledAt > IDLE_MS) this.drop(one)
    }
  }

  private async open(topic: string, cursor: string | undefined): Promise<OrderedReader> {
    const { stream, subject: template, pollBatch } = this.settings
    const start = cursor === undefined ? undefined : parsePosition(cursor)
    const subject = subjectToRead(template, topic)
    try {
      const reader = await OrderedReader.open(this.connection, this.settings, { subject, start, ahead: pollBatch * 2 })
      const { startedOver, missed } = reader.begin
      if (startedOver !== undefined) this.notices.startsOver(topic, String(cursor), startedOver)
      if (missed > 0) this.notices.hasMissed(topic, String(cursor), missed)
      return reader
    } catch (thrown) {
      throw errorFrom(thrown, stream)
    }
  }

  private drop(kept: Kept): void {
    this.kept = this.kept.filter((one) => one !== kept)
    kept.reader.close(this.settings.stream)
  }
}
