import { strict as assert } from 'node:assert'
import { isDeclaring } from '@boostercloud/streamer-connector'
import type { ExternalEvent } from '@boostercloud/streamer-connector'
import type { OpenConnector } from './open-connector'
import { until, within } from './within'

/** Reads a topic as the receiver does: one poll at a time, handing back the ID of the last event it was given. */
export class Reader {
  private readonly seen = new Set<string>()

  public constructor(
    public readonly connector: OpenConnector,
    public readonly topic: string,
    private readonly limitMs: number,
    /** The ID that the next poll hands back. */
    public last?: string
  ) {}

  /** One poll, whose events are settled by the next one. */
  public async poll(): Promise<ExternalEvent[]> {
    const events = await this.pollWith(this.last)
    this.last = events.at(-1)?.eventId ?? this.last
    return isDeclaring(this.connector) ? events : events.filter((event) => this.isNew(event))
  }

  /** One poll that hands back a given ID. */
  public async pollWith(lastReceivedEventID?: string): Promise<ExternalEvent[]> {
    const events = await within(this.limitMs, this.connector.poll(this.topic, lastReceivedEventID), 'poll()')
    assert.ok(Array.isArray(events), 'poll() resolves with an array')
    return events
  }

  /** Polls until there are at least so many events, then on until a poll is empty, so that what comes too often is seen too. */
  public async drain(atLeast: number): Promise<ExternalEvent[]> {
    return this.gather(atLeast, () => this.poll())
  }

  /** The same without settling anything. Only where the position is the broker's: a reader's cursor would stand still. */
  public async drainUnsettled(atLeast: number): Promise<ExternalEvent[]> {
    return this.gather(atLeast, () => this.pollWith(undefined))
  }

  /** Polls until what was received is enough. A poll that rejects is tried again until the limit: the broker may be away. */
  public async collect(
    enough: (received: readonly ExternalEvent[]) => boolean,
    what: string
  ): Promise<readonly ExternalEvent[]> {
    const received: ExternalEvent[] = []
    let failure = ''
    const pollOnce = async (): Promise<boolean> => {
      received.push(...(await this.poll()))
      return enough(received)
    }
    const tolerant = (): Promise<boolean> =>
      pollOnce().catch((thrown: unknown) => {
        failure = `; the last poll that failed: ${String(thrown)}`
        return false
      })
    await until(this.limitMs, tolerant, () => `${what} (received ${received.length} events${failure})`)
    return received
  }

  private async gather(atLeast: number, poll: () => Promise<ExternalEvent[]>): Promise<ExternalEvent[]> {
    const received: ExternalEvent[] = []
    const end = Date.now() + this.limitMs
    for (;;) {
      const events = await poll()
      received.push(...events)
      assert.ok(received.length <= atLeast * 2 + 1_000, `Received ${received.length} events where there are ${atLeast}`)
      if (events.length === 0 && received.length >= atLeast) return received
      assert.ok(Date.now() < end, `Received ${received.length} of ${atLeast} events within ${this.limitMs} ms`)
      if (events.length === 0) await new Promise((resolve) => setTimeout(resolve, 1))
    }
  }

  private isNew({ eventId }: ExternalEvent): boolean {
    if (eventId === undefined) return true
    if (this.seen.has(eventId)) return false
    this.seen.add(eventId)
    return true
  }
}
