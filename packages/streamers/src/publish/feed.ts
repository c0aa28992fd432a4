import { failpoint, parseAddress, within } from '@boostercloud/streamer-connector'
import type { StreamerConnector, StreamerLogger } from '@boostercloud/streamer-connector'
import type { StateChange, StateStore } from '../state'
import { markOf } from './outbox'
import type { RelayObserver } from './relay'
import { publishable, unconfirmed } from './send'
import type { Unconfirmed } from './send'
import type { StoredEvent } from './stored-event'

/** What a feed needs to know. */
export interface FeedOptions {
  /** Where to, with its topic. */
  readonly address: string
  readonly connector: StreamerConnector
  readonly state: StateStore
  /** The app's name: CloudEvents `source`. */
  readonly source: string
  /** This run of this process. */
  readonly owner: string
  /** How long the broker may take, in milliseconds. */
  readonly limitMs: number
  readonly log: StreamerLogger
  readonly observe?: RelayObserver
}

/**
 * The event store's own stream → broker, for one address. What the broker does not take at once becomes pending, and while anything is
 * pending what comes later becomes so too: a relay publishes it in order. So the stream never waits for a broker, and whoever hands over
 * the events of an entity one batch after the other has them published in that order.
 */
export class Feed {
  public constructor(private readonly options: FeedOptions) {}

  /** Resolves when each event is confirmed, refused, or pending. Rejects where the state fails: then it is to be called again. */
  public async publish(events: readonly StoredEvent[]): Promise<void> {
    if (events.length === 0) return
    const { state, address } = this.options
    const isWaiting = (await state.pendingMarks(address, { limit: 1 })).length > 0
    if (isWaiting) await this.mark(events)
    else await this.send(events)
  }

  private async send(events: readonly StoredEvent[]): Promise<void> {
    const left = await this.trySending(events)
    if (!left) {
      for (const [index, event] of events.entries()) {
        const one = await this.trySending([event])
        if (!one || one.failed.length > 0) return this.mark(events.slice(index))
        await this.refuse(one.refused.map(({ error }) => ({ event, error })))
      }
      return
    }
    await this.refuse(left.refused.map(({ index, error }) => ({ event: events[index], error })))
    await this.mark(left.failed.map(({ index }) => events[index]))
  }

  private async trySending(events: readonly StoredEvent[]): Promise<Unconfirmed | undefined> {
    const { address, source, owner, connector, observe, limitMs, log } = this.options
    const marks = events.map((event) => markOf(event, address, owner, timeOf(event)))
    const sending = observe?.sending(address, marks)
    const out = events.map((event, index) =>
      publishable(event, source, sending?.contexts[index] ?? event.context, marks[index].markedAt)
    )
    let left: Unconfirmed | undefined = { failed: [], refused: [] }
    try {
      await failpoint('publish.before-send')
      await within(limitMs, connector.publish(out, parseAddress(address).topic), () => {
        throw new Error(`The broker has not answered within ${limitMs} ms.`)
      })
      await failpoint('publish.after-send')
      sending?.done()
    } catch (error) {
      sending?.done(error)
      left = unconfirmed(error, events.length)
      if (left?.failed.length)
        log.warn(`Publishing to '${address}' failed. The events that it did not accept are pending.`, error)
    }
    const confirmed = left ? events.length - left.failed.length - left.refused.length : 0
    if (confirmed > 0) observe?.published(address, confirmed)
    return left
  }

  private async mark(events: readonly StoredEvent[]): Promise<void> {
    const { address, owner, state } = this.options
    await this.commit(
      events.map((event) => ({ do: 'mark-pending', mark: markOf(event, address, owner, timeOf(event)) })),
      state
    )
  }

  private async refuse(refused: readonly { readonly event: StoredEvent; readonly error: Error }[]): Promise<void> {
    const { address, owner, state, observe, log } = this.options
    if (refused.length === 0) return
    await this.commit(
      refused.flatMap(({ event, error }): StateChange[] => [
        { do: 'mark-pending', mark: markOf(event, address, owner, timeOf(event)) },
        { do: 'refuse', address, id: event.id, cause: error.message },
      ]),
      state
    )
    observe?.refused(address, refused.length)
    for (const { event, error } of refused) {
      log.error(
        `'${address}' permanently refuses ${event.typeName} ${event.id}. It stays in the event store, unpublished.`,
        error
      )
    }
  }

  private async commit(changes: readonly StateChange[], state: StateStore): Promise<void> {
    if (changes.length > 0) await state.commit(changes)
  }
}

/** When the event is marked, should it become pending: no later than it was stored. */
function timeOf({ storedAt }: StoredEvent): number {
  return storedAt ?? Date.now()
}
