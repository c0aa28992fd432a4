import { decodedInOrder } from '@boostercloud/streamer-connector'
import type { ExternalEvent } from '@boostercloud/streamer-connector'
import { errorFrom, unavailable } from '../client'
import type { Connection, Notices } from '../client'
import { subjectToRead } from '../options'
import type { NatsStreamerSettings } from '../options'
import { CompetingReader } from './competing-reader'
import type { HandedOutMessage } from './competing-reader'
import type { ReceivedBy } from './ordered'
import { together } from './progress'
import type { Backlog } from './progress'

/** A consumer that is gone again and again is not made anew in one poll more often than that. */
const MOST_OPENINGS = 3

/** Polling where the position is the broker's: one part of a shared consumer for each topic. */
export class CompetingPolling {
  private readonly readers = new Map<string, CompetingReader>()
  private isClosed = false

  public constructor(
    private readonly connection: Connection,
    private readonly settings: NatsStreamerSettings,
    private readonly group: string,
    private readonly notices: Notices
  ) {}

  /** Settles up to the mark; then messages that no replica has, as events. Waits up to `pollWaitMs` for the first. */
  public async poll(from: ReceivedBy, mark: string | undefined): Promise<ExternalEvent[]> {
    // The connection may have been opened for a poll that was called before the close.
    if (this.isClosed) return []
    const { pollBatch, pollWaitMs, stream } = this.settings
    const reader = this.readerOf(from.topic)
    for (let openings = 1; ; openings += 1) {
      if (mark !== undefined) reader.settle(mark)
      const handedOut = await reader.next(pollBatch, pollWaitMs).catch((thrown: unknown) => {
        throw errorFrom(thrown, stream)
      })
      if (handedOut.length > 0) return this.eventsOf(handedOut, reader, from)
      const { ended } = reader
      if (!ended || this.isClosed) return []
      if (openings >= MOST_OPENINGS) throw unavailable(`reading has ended: ${ended.message}`, from.topic, ended)
      await this.connection.whenUp(pollWaitMs)
    }
  }

  /** Settles up to the mark. Resolves when the server has heard it. */
  public async acknowledge(topic: string, mark: string): Promise<void> {
    await this.connection.whenUp(0)
    this.readers.get(topic)?.settle(mark)
    await this.connection.flush()
  }

  /** How much no replica has been given. Rejects where the server does not answer. */
  public async backlog(): Promise<Backlog> {
    return together(await Promise.all([...this.readers.values()].map((reader) => reader.backlog())))
  }

  /** Gives back what is not settled and lets waiting polls go. */
  public async close(): Promise<void> {
    this.isClosed = true
    await Promise.all([...this.readers.values()].map((reader) => reader.close()))
  }

  private async eventsOf(
    handedOut: readonly HandedOutMessage[],
    reader: CompetingReader,
    from: ReceivedBy
  ): Promise<ExternalEvent[]> {
    try {
      return await decodedInOrder(handedOut, (placed) => from.decode(placed, placed.eventId))
    } catch (error) {
      reader.giveBack(handedOut)
      throw error
    }
  }

  private readerOf(topic: string): CompetingReader {
    let reader = this.readers.get(topic)
    if (!reader) {
      const subject = subjectToRead(this.settings.subject, topic)
      const from = { topic, subject, group: this.group }
      reader = new CompetingReader(this.connection, this.settings, from, this.notices)
      this.readers.set(topic, reader)
    }
    return reader
  }
}
