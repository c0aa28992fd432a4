import { createHash, randomUUID } from 'node:crypto'
import { AckPolicy, DeliverPolicy } from '@nats-io/jetstream'
import { nanos } from '@nats-io/nats-core'
import type { Msg } from '@nats-io/nats-core'
import type { Connection } from './connection'
import { deliveryOf } from './delivery'
import { API, apiCode } from './errors'
import type { NatsStreamerSettings } from './settings'
import { Progress } from './progress'
import type { Backlog } from './progress'
import { Pull } from './pull'

const ACK = Buffer.from('+ACK')
const NAK = Buffer.from('-NAK')
const IN_PROGRESS = Buffer.from('+WPI')
/** Sequences that were settled, remembered for when their acknowledgement was lost with the connection. */
const MOST_REMEMBERED = 20_000

/** A message that was handed out and is not settled. */
interface HandedOut {
  readonly place: number
  readonly sequence: number
  /** As it was delivered the last time. */
  message: Msg
}

/** A message with the ID that settles it. */
export interface HandedOutMessage {
  readonly message: Msg
  readonly eventId: string
}

type Settings = Pick<NatsStreamerSettings, 'stream' | 'inboxPrefix' | 'pollBatch' | 'ackWaitMs'>

/**
 * This process's part of a durable consumer that the replicas of a service share. Each message is acknowledged by itself, for what
 * lies between two of them may be another replica's; while this process has a message, it keeps telling the server so.
 */
export class CompetingReader {
  private readonly session = randomUUID()
  private readonly handedOut: HandedOut[] = []
  private readonly bySequence = new Map<number, HandedOut>()
  private readonly settled = new Set<number>()
  private readonly progress = new Progress()
  private places = 0
  private pull?: Pull
  private isClosed = false
  private opening?: Promise<Pull>
  private readonly heartbeat: NodeJS.Timeout
  private readonly stopListening: () => void

  public constructor(
    private readonly connection: Connection,
    private readonly settings: Settings,
    private readonly subject: string,
    /** The consumer's name. */
    public readonly consumer: string
  ) {
    this.heartbeat = setInterval(() => this.keep(), settings.ackWaitMs / 3)
    this.stopListening = connection.listen({
      cut: () => this.pull?.end(new Error('the connection was cut')),
      refused: ({ message, subject }) => {
        if (subject.endsWith(`.${consumer}`)) this.pull?.end(new Error(message))
      },
    })
  }

  /** Messages that no replica has, up to a limit; waits a while for the first one. Rejects with what the client throws. */
  public async next(limit: number, waitMs: number): Promise<HandedOutMessage[]> {
    let deadline: number | undefined
    for (;;) {
      const pull = await this.open()
      deadline ??= Date.now() + waitMs
      this.progress.waits()
      await pull.arrived(deadline - Date.now())
      const fresh = pull.take(limit).flatMap((message) => this.handOut(message))
      this.progress.polled(fresh.length)
      if (fresh.length > 0 || pull.ended || Date.now() >= deadline) return fresh
    }
  }

  /** Why it has no messages at the moment, if it has none. */
  public get ended(): Error | undefined {
    return this.pull?.ended
  }

  /** Acknowledges what was handed out up to an ID. One of another session settles nothing. */
  public settle(eventId: string): void {
    const place = eventId.startsWith(`${this.session}:`) ? Number(eventId.slice(this.session.length + 1)) : 0
    let count = 0
    while (this.handedOut[count]?.place <= place) count += 1
    for (const { message, sequence } of this.handedOut.splice(0, count)) {
      this.bySequence.delete(sequence)
      this.remember(sequence)
      this.answer(message, ACK)
    }
  }

  /** Takes back what was handed out last and reached nobody. */
  public giveBack(handedOut: readonly HandedOutMessage[]): void {
    for (const { message, sequence } of this.handedOut.splice(-handedOut.length)) {
      this.bySequence.delete(sequence)
      this.answer(message, NAK)
    }
  }

  /** How many messages of the consumer no replica has been given. */
  public async backlog(): Promise<Backlog> {
    if (!this.pull || this.pull.ended) return { lag: 0, stalled: false }
    const { stream } = this.settings
    const info = await this.connection.ask(({ consumers }) => consumers.info(stream, this.consumer))
    return this.progress.with(info.num_pending)
  }

  /** Gives back what is not settled, also what is on its way, so that others need not wait until it is over. May be called twice. */
  public async close(): Promise<void> {
    this.isClosed = true
    clearInterval(this.heartbeat)
    this.stopListening()
    await this.pull?.drain(new Error('the reader is closed'))
    for (const message of this.pull?.take(Infinity) ?? []) this.answer(message, NAK)
    for (const { message } of this.handedOut.splice(0)) this.answer(message, NAK)
  }

  private open(): Promise<Pull> {
    if (this.pull && !this.pull.ended) return Promise.resolve(this.pull)
    this.opening ??= this.openNow().finally(() => (this.opening = undefined))
    return this.opening
  }

  private async openNow(): Promise<Pull> {
    const { stream, inboxPrefix, pollBatch } = this.settings
    await this.declare()
    const connection = this.connection.nats
    this.pull = new Pull({ connection, stream, consumer: this.consumer, inboxPrefix, ahead: pollBatch })
    if (this.isClosed) this.pull.end(new Error('the reader is closed'))
    return this.pull
  }

  /** Makes the consumer, or finds it as another replica has made it. */
  private async declare(): Promise<void> {
    const { stream, ackWaitMs } = this.settings
    const { connection, consumer } = this
    const changeable = { ack_wait: nanos(ackWaitMs), max_ack_pending: -1, max_deliver: -1 }
    try {
      const { config } = await connection.ask(({ consumers }) => consumers.info(stream, consumer))
      if (config.ack_wait === changeable.ack_wait) return
      await connection.ask(({ consumers }) => consumers.update(stream, consumer, changeable))
    } catch (thrown) {
      if (apiCode(thrown) !== API.consumerNotFound) throw thrown
      const config = {
        durable_name: consumer,
        ack_policy: AckPolicy.Explicit,
        deliver_policy: DeliverPolicy.All,
        filter_subject: this.subject,
        ...changeable,
      }
      await connection.ask(({ consumers }) => consumers.add(stream, config))
    }
  }

  /** None where it is here already: the server thought it lost, or its acknowledgement was. */
  private handOut(message: Msg): HandedOutMessage[] {
    const { sequence } = deliveryOf(message)
    const known = this.bySequence.get(sequence)
    if (known) known.message = message
    else if (this.settled.has(sequence)) this.answer(message, ACK)
    if (known ?? this.settled.has(sequence)) return []
    const handedOut: HandedOut = { place: (this.places += 1), sequence, message }
    this.handedOut.push(handedOut)
    this.bySequence.set(sequence, handedOut)
    return [{ message, eventId: `${this.session}:${handedOut.place}` }]
  }

  private keep(): void {
    for (const message of this.pull?.fetched ?? []) this.answer(message, IN_PROGRESS)
    for (const { message } of this.handedOut) this.answer(message, IN_PROGRESS)
  }

  /** While there is no connection nothing is said: the server delivers the message again, and is answered then. */
  private answer(message: Msg, what: Uint8Array): void {
    if (this.connection.isUp) message.respond(what)
  }

  private remember(sequence: number): void {
    this.settled.add(sequence)
    if (this.settled.size <= MOST_REMEMBERED) return
    const [oldest] = this.settled
    this.settled.delete(oldest)
  }
}

/** The name of a group's consumer of a subject: readable, and as NATS allows it. */
export function consumerName(group: string, subject: string): string {
  const digest = createHash('sha256').update(`${group}\0${subject}`).digest('hex').slice(0, 10)
  const readable = `${group}-${subject}`.replace(/[^A-Za-z0-9_-]+/g, '_').slice(0, 100)
  return `${readable}-${digest}`
}
