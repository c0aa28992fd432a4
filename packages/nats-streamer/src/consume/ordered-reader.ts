import { randomUUID } from 'node:crypto'
import { AckPolicy, DeliverPolicy } from '@nats-io/jetstream'
import type { ConsumerConfig } from '@nats-io/jetstream'
import { nanos } from '@nats-io/nats-core'
import type { Msg } from '@nats-io/nats-core'
import { assertKeepsEvents } from '../client'
import type { Connection } from '../client'
import type { NatsStreamerSettings } from '../options'
import { deliveryOf, streamIdOf } from '../wire'
import type { Delivered, Position } from '../wire'
import { Pull } from './pull'

/** Milliseconds after which the server forgets a consumer that nobody asks for messages. */
const FORGOTTEN_AFTER_MS = 60_000

/** Where a reader begins: behind a position, at a time, or at the first message there is. */
export type Start = Position | Date | undefined

/** What a reader found. */
export interface ReadBegin {
  /** The stream, told from one that had its name before. */
  readonly streamId: string
  /** The last sequence of the stream. */
  readonly lastSequence: number
  /** How many messages there were to read. */
  readonly pending: number
  /** Why it began at the first message instead of where it was to, if so. */
  readonly startedOver?: string
  /** How many messages of the stream, of whatever subjects, were deleted between the position and the first one that is there. */
  readonly missed: number
}

type Settings = Pick<NatsStreamerSettings, 'stream' | 'inboxPrefix'>

/**
 * Reads a subject of a stream from a place on, in order and without gaps, through a consumer of its own that acknowledges nothing.
 * It ends where a message is missing or its consumer is gone; what it has handed out until then is complete.
 */
export class OrderedReader {
  private delivered = 0
  private rewritten = false
  private readonly stopListening: () => void

  private constructor(
    private readonly connection: Connection,
    private readonly pull: Pull,
    private readonly consumer: string,
    /** What there was when the reader was made. */
    public readonly begin: ReadBegin,
    /** The message of the position, which comes first where it is still there. */
    private known?: Position
  ) {
    this.stopListening = connection.listen({
      cut: () => pull.end(new Error('the connection was cut')),
      refused: ({ message, subject }) => {
        if (subject.endsWith(`.${consumer}`)) pull.end(new Error(message))
      },
    })
  }

  /**
   * A position of a stream that had this name before, or one behind the last message (the server lost its newest ones with the power, or was restored),
   * says nothing about this one: then it begins at the first message, since an event seen twice is better than one never seen. Where the stream has
   * another message at the position, {@link isRewritten} tells it once that has come.
   *
   * Rejects with `OPTION_INVALID` for a stream that does not keep its messages, and with what the client throws.
   */
  public static async open(
    connection: Connection,
    { stream, inboxPrefix }: Settings,
    { subject, start, ahead, startedOver }: { subject: string; start: Start; ahead: number; startedOver?: string }
  ): Promise<OrderedReader> {
    // A consumer that acknowledges nothing would delete events of some streams, so it is not made before that is known.
    assertKeepsEvents((await connection.ask(({ streams }) => streams.info(stream))).config, stream)
    const made = await connection.ask(({ consumers }) => consumers.add(stream, consumerConfig(subject, start)))
    // Asked after the consumer was made: a stream of this id was there before it, and is there now.
    const { created, state } = await connection.ask(({ streams }) => streams.info(stream))
    const streamId = streamIdOf(created)
    const why = whyOfAnother(start, streamId, state.last_seq)
    if (why !== undefined) {
      await connection.ask(({ consumers }) => consumers.delete(stream, made.name))
      const over = { subject, start: undefined, ahead, startedOver: why }
      return OrderedReader.open(connection, { stream, inboxPrefix }, over)
    }
    const pull = new Pull({ connection: connection.nats, stream, consumer: made.name, inboxPrefix, ahead })
    const position = start instanceof Date ? undefined : start
    const missed = position === undefined ? 0 : Math.max(0, state.first_seq - 1 - position.sequence)
    const begin = { streamId, lastSequence: state.last_seq, pending: made.num_pending, startedOver, missed }
    return new OrderedReader(connection, pull, made.name, begin, isVerifiable(position) ? position : undefined)
  }

  /** Whether the stream has another message at the position behind which it was to begin. It has ended then. */
  public get isRewritten(): boolean {
    return this.rewritten
  }

  /** Why it has ended, if it has. */
  public get ended(): Error | undefined {
    return this.pull.ended
  }

  /** Messages that follow, up to a limit; waits a while for the first one. None when the time is over or it has ended. */
  public async next(limit: number, waitMs: number): Promise<Delivered[]> {
    const deadline = performance.now() + waitMs
    for (;;) {
      await this.pull.arrived(deadline - performance.now())
      const messages = this.pull.take(limit)
      const delivered = this.following(messages)
      // Where the only one was that of the position, what follows it is waited for.
      if (delivered.length > 0 || messages.length === 0 || this.ended) return delivered
    }
  }

  /** How many messages the server has that were not handed out. */
  public async pending(stream: string): Promise<number> {
    const { num_pending } = await this.connection.ask(({ consumers }) => consumers.info(stream, this.consumer))
    return num_pending + this.pull.fetched.length
  }

  /** Ends it and has the server forget its consumer. May be called twice. */
  public close(stream: string): void {
    this.stopListening()
    this.pull.end(new Error('the reader is closed'))
    if (!this.connection.isUp) return
    // Nobody waits for the answer: without it the server forgets the consumer by itself a little later.
    this.connection.ask(({ consumers }) => consumers.delete(stream, this.consumer)).catch(() => undefined)
  }

  /** Those of them that follow each other, without the one of the position. */
  private following(messages: readonly Msg[]): Delivered[] {
    const delivered: Delivered[] = []
    for (const message of messages) {
      const one = this.inOrder(message)
      if (!one) break
      if (!this.isOfPosition(one)) delivered.push(one)
      if (this.rewritten) break
    }
    return delivered
  }

  /** Whether the first message is the one of the position, or is in its place. */
  private isOfPosition({ sequence, timestamp }: Delivered): boolean {
    const { known } = this
    this.known = undefined
    if (known === undefined || known.sequence !== sequence) return false
    if (known.timestamp === timestamp) return true
    this.rewritten = true
    this.pull.end(new Error('the stream has another message at the position'))
    return true
  }

  /** Undefined behind a gap, where it ends. */
  private inOrder(message: Msg): Delivered | undefined {
    const delivery = deliveryOf(message)
    if (delivery.consumerSequence !== this.delivered + 1) {
      this.pull.end(new Error(`message ${this.delivered + 1} of the consumer is missing`))
      return undefined
    }
    this.delivered += 1
    return delivery
  }
}

function consumerConfig(subject: string, start: Start): Partial<ConsumerConfig> {
  return {
    name: `reader-${randomUUID()}`,
    ack_policy: AckPolicy.None,
    filter_subject: subject,
    inactive_threshold: nanos(FORGOTTEN_AFTER_MS),
    mem_storage: true,
    num_replicas: 1,
    ...startConfig(start),
  }
}

function startConfig(start: Start): Partial<ConsumerConfig> {
  if (start === undefined) return { deliver_policy: DeliverPolicy.All }
  if (start instanceof Date) return { deliver_policy: DeliverPolicy.StartTime, opt_start_time: start.toISOString() }
  return {
    deliver_policy: DeliverPolicy.StartSequence,
    opt_start_seq: isVerifiable(start) ? start.sequence : start.sequence + 1,
  }
}

/** Whether it is known which message is at a position. */
function isVerifiable(position: Position | undefined): boolean {
  return position?.timestamp !== undefined && position.sequence > 0
}

function whyOfAnother(start: Start, streamId: string, lastSequence: number): string | undefined {
  if (start === undefined || start instanceof Date) return undefined
  if (start.streamId !== streamId) return 'it is of a stream that had this name before'
  return start.sequence > lastSequence ? `the last event of the stream is ${lastSequence}` : undefined
}
