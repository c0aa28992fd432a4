import { HandedOut } from '@boostercloud/streamer-connector'
import type { Msg } from '@nats-io/nats-core'
import type { Connection, Notices } from '../client'
import type { NatsStreamerSettings } from '../options'
import { deliveryOf, placeIn } from '../wire'
import type { Placed } from '../wire'
import { declareConsumer } from './consumer'
import { Progress } from './progress'
import type { Backlog } from './progress'
import { Pull } from './pull'

const ACK = Buffer.from('+ACK')
const NAK = Buffer.from('-NAK')
const IN_PROGRESS = Buffer.from('+WPI')
/** Sequences that were settled, remembered for when their acknowledgement was lost with the connection. */
const MOST_REMEMBERED = 20_000

/** A message that was handed out and is not settled. */
interface Held {
  readonly key: string
  /** As it was delivered the last time. */
  message: Msg
}

/** A message with the ID that settles it. */
export interface HandedOutMessage extends Placed {
  /** By which it is given back: a message that is delivered again is another one. */
  readonly held: Held
  readonly eventId: string
}

type Settings = Pick<NatsStreamerSettings, 'stream' | 'inboxPrefix' | 'pollBatch' | 'ackWaitMs'>

/**
 * This process's part of a durable consumer that the replicas of a service share. Each message is acknowledged by itself, for what
 * lies between two of them may be another replica's; while this process has a message, it keeps telling the server so.
 */
export class CompetingReader {
  private readonly handedOut = new HandedOut<Held>()
  /** By the sequence in the stream and the time when the stream got it: a stream that is made anew gives sequences again. */
  private readonly byKey = new Map<string, Held>()
  private readonly settled = new Set<string>()
  private streamId?: string
  private consumer?: string
  private readonly progress = new Progress()
  private pull?: Pull
  private isClosed = false
  private opening?: Promise<Pull>
  private readonly heartbeat: NodeJS.Timeout
  private readonly stopListening: () => void

  public constructor(
    private readonly connection: Connection,
    private readonly settings: Settings,
    private readonly from: { readonly topic: string; readonly subject: string; readonly group: string },
    private readonly notices: Notices
  ) {
    this.heartbeat = setInterval(() => this.keep(), settings.ackWaitMs / 3)
    this.stopListening = connection.listen({
      cut: () => this.pull?.end(new Error('the connection was cut')),
      refused: ({ message, subject }) => {
        if (subject.endsWith(`.${this.consumer}`)) this.pull?.end(new Error(message))
      },
    })
  }

  /** Messages that no replica has, up to a limit; waits a while for the first one. Rejects with what the client throws. */
  public async next(limit: number, waitMs: number): Promise<HandedOutMessage[]> {
    let deadline: number | undefined
    for (;;) {
      const pull = await this.open()
      deadline ??= performance.now() + waitMs
      this.progress.waits()
      await pull.arrived(deadline - performance.now())
      const fresh = pull.take(limit).flatMap((message) => this.handOut(message))
      this.progress.polled(fresh.length)
      if (fresh.length > 0 || pull.ended || performance.now() >= deadline) return fresh
    }
  }

  /** Why it has no messages at the moment, if it has none. */
  public get ended(): Error | undefined {
    return this.pull?.ended
  }

  /** Acknowledges what was handed out up to an ID. One of another session settles nothing. */
  public settle(eventId: string): void {
    this.handedOut.settle(eventId, ({ message, key }) => {
      this.byKey.delete(key)
      this.remember(key)
      this.answer(message, ACK)
    })
  }

  /** Takes back what was handed out last and reached nobody. */
  public giveBack(handedOut: readonly HandedOutMessage[]): void {
    const given = new Set(handedOut.map(({ held }) => held))
    this.giveBackWhere((held) => given.has(held))
  }

  /** How many messages of the consumer no replica has been given. */
  public async backlog(): Promise<Backlog> {
    const { consumer, pull } = this
    if (!pull || pull.ended || consumer === undefined) return { lag: 0, stalled: false }
    const { stream } = this.settings
    const info = await this.connection.ask(({ consumers }) => consumers.info(stream, consumer))
    return this.progress.with(info.num_pending)
  }

  /** Gives back what is not settled, also what is on its way, so that others need not wait until it is over. May be called twice. */
  public async close(): Promise<void> {
    this.isClosed = true
    clearInterval(this.heartbeat)
    this.stopListening()
    await this.pull?.drain(new Error('the reader is closed'))
    for (const message of this.pull?.take(Infinity) ?? []) this.answer(message, NAK)
    this.giveBackWhere(() => true)
  }

  private open(): Promise<Pull> {
    if (this.pull && !this.pull.ended) return Promise.resolve(this.pull)
    this.opening ??= this.openNow().finally(() => (this.opening = undefined))
    return this.opening
  }

  private async openNow(): Promise<Pull> {
    const { stream, inboxPrefix, pollBatch } = this.settings
    const { subject, group } = this.from
    const declared = await declareConsumer(this.connection, this.settings, { group, subject })
    this.arriveAt(declared.streamId)
    this.consumer = declared.consumer
    const connection = this.connection.nats
    this.pull = new Pull({ connection, stream, consumer: declared.consumer, inboxPrefix, ahead: pollBatch })
    if (this.isClosed) this.pull.end(new Error('the reader is closed'))
    return this.pull
  }

  /** What was handed out of a stream that had this name before is nobody's any more; to answer it might acknowledge another's message. */
  private arriveAt(streamId: string): void {
    if (this.streamId !== undefined && this.streamId !== streamId) {
      this.notices.startsOver(
        this.from.topic,
        `of the group '${this.from.group}'`,
        'it is of a stream that had this name before'
      )
      this.handedOut.lose(() => true)
      this.byKey.clear()
      this.settled.clear()
    }
    this.streamId = streamId
  }

  /** None where it is here already: the server thought it lost, or its acknowledgement was. */
  private handOut(message: Msg): HandedOutMessage[] {
    const { sequence, timestamp } = deliveryOf(message)
    const key = `${timestamp}:${sequence}`
    const known = this.byKey.get(key)
    if (known) known.message = message
    else if (this.settled.has(key)) this.answer(message, ACK)
    if (known ?? this.settled.has(key)) return []
    const held: Held = { key, message }
    this.byKey.set(key, held)
    const [eventId] = this.handedOut.add(held)
    const place = placeIn(String(this.streamId), sequence)
    return [{ message, held, eventId, positionId: `${this.streamId}:${key}`, place }]
  }

  private giveBackWhere(isIt: (held: Held) => boolean): void {
    this.handedOut.lose((held) => {
      if (!isIt(held)) return false
      this.byKey.delete(held.key)
      this.answer(held.message, NAK)
      return true
    })
  }

  private keep(): void {
    for (const message of this.pull?.fetched ?? []) this.answer(message, IN_PROGRESS)
    for (const { message } of this.handedOut.items) this.answer(message, IN_PROGRESS)
  }

  /** While there is no connection nothing is said: the server delivers the message again, and is answered then. */
  private answer(message: Msg, what: Uint8Array): void {
    if (this.connection.isUp) message.respond(what)
  }

  private remember(key: string): void {
    this.settled.add(key)
    if (this.settled.size <= MOST_REMEMBERED) return
    const [oldest] = this.settled
    this.settled.delete(oldest)
  }
}
