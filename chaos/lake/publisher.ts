import { setTimeout as pause } from 'node:timers/promises'
import type { EventInterface } from '@boostercloud/framework-types'
import { newEventId, withMetadata } from '@boostercloud/streamer-connector'
import type { StreamerConnector } from '@boostercloud/streamer-connector'
import type { LakeHistory } from './check'

const KEYS = ['red', 'green', 'blue', 'black', 'white']
const BATCH = 8
/** Milliseconds before a batch that was not answered is sent again. */
const AGAIN_MS = 100

/** Publishes batch after batch until it is stopped, and knows what it has published. */
export class Publisher {
  public readonly published: { id: string; key: string; answered: boolean }[] = []
  /** Whether a batch was sent more than once. */
  public hasRepeated = false
  private wanted = true
  private ended: Promise<void> = Promise.resolve()

  public constructor(
    private readonly connector: StreamerConnector,
    private readonly topic: string,
    /** Milliseconds between two batches. */
    private readonly everyMs: number
  ) {}

  public start(): void {
    this.ended = this.publishAll()
  }

  /** Resolves when the last batch is answered. */
  public async stop(): Promise<LakeHistory['published']> {
    this.wanted = false
    await this.ended
    return this.published
  }

  private async publishAll(): Promise<void> {
    while (this.wanted) {
      const batch = Array.from({ length: BATCH }, () => {
        const key = KEYS[this.published.length % KEYS.length]
        const one = { id: newEventId(), key, answered: false }
        this.published.push(one)
        return one
      })
      await this.insist(batch.map(({ id, key }) => withMetadata({ text: `of ${key}` }, { ...EVENT, id, key })))
      for (const one of batch) one.answered = true
      await pause(this.everyMs)
    }
  }

  private async insist(events: object[]): Promise<void> {
    for (;;) {
      try {
        return await this.connector.publish(events as EventInterface[], this.topic)
      } catch {
        // Whether it was taken is not known: the same ids are sent again, as a relay does.
        this.hasRepeated = true
        await pause(AGAIN_MS)
      }
    }
  }
}

const EVENT = { type: 'PostCreated', source: 'chaos' }
