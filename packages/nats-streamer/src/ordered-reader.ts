import { randomUUID } from 'node:crypto'
import { AckPolicy, DeliverPolicy } from '@nats-io/jetstream'
import type { ConsumerConfig } from '@nats-io/jetstream'
import { nanos } from '@nats-io/nats-core'
import type { Msg } from '@nats-io/nats-core'
import type { Connection } from './connection'
import { deliveryOf } from './delivery'
import type { Delivered } from './delivery'
import type { NatsStreamerSettings } from './settings'
import type { Position } from './position'
import { streamIdOf } from './position'
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
}

type Settings = Pick<NatsStreamerSettings, 'stream' | 'inboxPrefix'>

/**
 * Reads a subject of a stream from a place on, in order and without gaps, through a consumer of its own that acknowledges nothing.
 * It ends where a message is missing or its consumer is gone; what it has handed out until then is complete.
 */
export class OrderedReader {
  private delivered = 0
  private readonly stopListening: () => void

  private constructor(
    private readonly connection: Connection,
    private readonly pull: Pull,
    private readonly consumer: string,
    /** What there was when the reader was made. */
    public readonly begin: ReadBegin
  ) {
    this.stopListening = connection.listen({
      cut: () => pull.end(new Error('the connection was cut')),
      refused: ({ message, subject }) => {
        if (subject.endsWith(`.${consumer}`)) pull.end(new Error(message))
      },
    })
  }

  /**
   * A position of a stream that had this name before, or one behind the last message (the server lost its newest ones with the power),
   * says nothing about this one: then it begins at the first message, since an event seen twice is better than one never seen.
   *
   * Rejects with what the client throws.
   */
  public static async open(
    connection: Connection,
    { stream, inboxPrefix }: Settings,
    { subject, start, ahead }: { subject: string; start: Start; ahead: number }
  ): Promise<OrderedReader> {
    const made = await connection.ask(({ consumers }) => consumers.add(stream, consumerConfig(subject, start)))
    // Asked after the consumer was made: a stream of this id was there before it, and is there now.
    const { created, state } = await connection.ask(({ streams }) => streams.info(stream))
    const streamId = streamIdOf(created)
    if (isOfAnother(start, streamId, state.last_seq)) {
      await connection.ask(({ consumers }) => consumers.delete(stream, made.name))
      return OrderedReader.open(connection, { stream, inboxPrefix }, { subject, start: undefined, ahead })
    }
    const pull = new Pull({ connection: connection.nats, stream, consumer: made.name, inboxPrefix, ahead })
    const begin = { streamId, lastSequence: state.last_seq, pending: made.num_pending }
    return new OrderedReader(connection, pull, made.name, begin)
  }

  /** Why it has ended, if it has. */
  public get ended(): Error | undefined {
    return this.pull.ended
  }

  /** Messages that follow, up to a limit; waits a while for the first one. None when the time is over or it has ended. */
  public async next(limit: number, waitMs: number): Promise<Delivered[]> {
    await this.pull.arrived(waitMs)
    const messages = this.pull.take(limit)
    const delivered: Delivered[] = []
    for (const message of messages) {
      const one = this.inOrder(message)
      if (!one) break
      delivered.push(one)
    }
    return delivered
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
  return { deliver_policy: DeliverPolicy.StartSequence, opt_start_seq: start.sequence + 1 }
}

function isOfAnother(start: Start, streamId: string, lastSequence: number): boolean {
  if (start === undefined || start instanceof Date) return false
  return start.streamId !== streamId || start.sequence > lastSequence
}
