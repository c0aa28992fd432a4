import { setTimeout as pause } from 'node:timers/promises'
import type { ExternalEvent } from '@boostercloud/streamer-connector'
import type { KafkaStreamer } from '../../src'
import type { Note } from './note'

/** What replicas handled, in the order in which they did. */
export type Handled = { readonly replica: string; readonly note: Note }[]

/**
 * One replica of a service that polls a topic and handles event after event, slowly, while it polls on; its mark follows. What is taken away from
 * it before it was begun is left to the other one.
 */
export class Replica {
  public received = 0
  public revoked = 0
  /** The last ID it settled. */
  private mark?: string
  private readonly queue: ExternalEvent[] = []
  private isStopping = false
  private isHandling = false
  private readonly done: Promise<unknown>
  private readonly endRevocations: () => void

  public constructor(
    private readonly streamer: KafkaStreamer,
    private readonly topic: string,
    private readonly handled: Handled,
    private readonly options: { readonly name: string; readonly handlerMs: number; readonly most?: number }
  ) {
    this.endRevocations = streamer.onRevoked(({ topic: of, eventIds }) => {
      if (of !== topic) return
      this.revoked += eventIds.length
      const lost: ReadonlySet<string | undefined> = new Set(eventIds)
      for (const event of this.queue.splice(0)) if (!lost.has(event.eventId)) this.queue.push(event)
    })
    this.done = Promise.all([this.poll().finally(() => (this.isStopping = true)), this.handle()])
    // Told by stop(), should there be one.
    this.done.catch(() => undefined)
  }

  /** Whether it has handled everything that it was given. */
  public get isIdle(): boolean {
    return this.queue.length === 0 && !this.isHandling
  }

  /** Handles what it is at, settles it, and polls no more. */
  public async stop(): Promise<void> {
    this.isStopping = true
    await this.done
    this.endRevocations()
    if (this.mark !== undefined) await this.streamer.acknowledge(this.mark, this.topic)
  }

  private async poll(): Promise<void> {
    while (!this.isStopping) {
      const { most = 100 } = this.options
      if (this.queue.length >= most) await pause(10)
      else {
        const events = await this.streamer.poll(this.topic, this.mark)
        this.received += events.length
        this.queue.push(...events)
      }
    }
  }

  private async handle(): Promise<void> {
    const { name, handlerMs } = this.options
    while (!this.isStopping) {
      const event = this.queue.shift()
      if (event) {
        this.isHandling = true
        this.handled.push({ replica: name, note: event.eventPayload as Note })
        await pause(handlerMs)
        this.mark = event.eventId
        this.isHandling = false
      } else await pause(5)
    }
  }
}
