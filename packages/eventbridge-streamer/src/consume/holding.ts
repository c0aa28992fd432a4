import { HandedOut } from '@boostercloud/streamer-connector'
import type { Message } from '@aws-sdk/client-sqs'
import type { Receipt } from '../client'
import { attributesOf } from '../wire'
import type { MessageAttributes } from '../wire'

/** A message that is kept from others. */
export interface Held {
  readonly messageId: string
  readonly text: string
  readonly attributes: MessageAttributes
  /** The newest one counts: SQS may deliver a message twice. */
  receipt: string
  /** Until when it is kept from others; by this process's clock, milliseconds. */
  until: number
}

/** The messages of a queue that this process has: read ahead, handed out, or settled and not deleted yet. */
export class Holding {
  private readonly ahead: Held[] = []
  private readonly out = new HandedOut<Held>()
  private readonly settledOnes = new Map<string, Held>()
  private readonly byMessage = new Map<string, Held>()

  /** How many are read ahead, or handed out and not settled. */
  public get size(): number {
    return this.ahead.length + this.out.size
  }

  /** How many are handed out and not settled. */
  public get unsettled(): number {
    return this.out.size
  }

  /** How many are read ahead. */
  public get readAhead(): number {
    return this.ahead.length
  }

  /** Those that are settled and to be deleted. */
  public get settled(): readonly Held[] {
    return [...this.settledOnes.values()]
  }

  /** Takes a message in; one that is here already is not taken twice. */
  public add({ MessageId = '', Body = '', ReceiptHandle = '', MessageAttributes: said }: Message, until: number): void {
    const known = this.byMessage.get(MessageId)
    if (known !== undefined) {
      Object.assign(known, { receipt: ReceiptHandle, until })
      return
    }
    const held: Held = {
      messageId: MessageId,
      text: Body,
      attributes: attributesOf(said),
      receipt: ReceiptHandle,
      until,
    }
    this.byMessage.set(MessageId, held)
    this.ahead.push(held)
  }

  /** The next ones, at most so many, without handing them out. */
  public next(most: number): readonly Held[] {
    return this.ahead.slice(0, most)
  }

  /** Hands these out, those that were lost in the meantime excepted; answers their IDs, undefined for the lost. */
  public handOut(taken: readonly Held[]): (string | undefined)[] {
    return taken.map((held) => {
      const place = this.ahead.indexOf(held)
      if (place < 0) return undefined
      this.ahead.splice(place, 1)
      return this.out.add(held)[0]
    })
  }

  /** Settles everything up to an ID that was handed out here; any other ID settles nothing. Answers whether it settled something. */
  public settle(eventId: string): boolean {
    return this.out.settle(eventId, (held) => this.settledOnes.set(held.messageId, held))
  }

  /** These are deleted. One that has come again since then with another receipt stays to be deleted again. */
  public forget(deleted: readonly Receipt[]): void {
    for (const { messageId, receipt } of deleted) {
      const held = this.settledOnes.get(messageId)
      if (held?.receipt !== receipt) continue
      this.settledOnes.delete(messageId)
      this.byMessage.delete(messageId)
    }
  }

  /** What is not settled and may come to others before that time. */
  public endingBefore(time: number): readonly Held[] {
    return [...this.ahead, ...this.out.items].filter(({ until }) => until < time)
  }

  /** These are others' now. Answers the IDs of those that were handed out and not settled. */
  public lose(messageIds: ReadonlySet<string>): string[] {
    const eventIds = this.out.lose(({ messageId }) => messageIds.has(messageId))
    const left = this.ahead.filter(({ messageId }) => !messageIds.has(messageId))
    this.ahead.splice(0, this.ahead.length, ...left)
    for (const messageId of messageIds) {
      if (!this.settledOnes.has(messageId)) this.byMessage.delete(messageId)
    }
    return eventIds
  }
}
