import type { BoosterConfig } from '@boostercloud/framework-types'
import type { Outbox } from '../../publish'
import { unpack } from '../../state'
import type { Timer } from '../../state'
import type { TimerEffects, TimerOutcome } from '../../timers'
import { dispatchStored } from '../compatibility'
import type { ProviderStore } from '../events/effects'
import type { BoosterEventStore } from '../events/event-store'
import { storedEvent, storedTimes } from '../events/stored-envelope'
import { LATER } from './split-delayed'
import type { PackedDelayed } from './split-delayed'

/** Stores delayed events that are due. */
export class DelayedEvents implements TimerEffects {
  public readonly handler = LATER

  public constructor(
    private readonly config: BoosterConfig,
    private readonly events: Pick<BoosterEventStore, 'envelopes'>,
    private readonly outbox: Pick<Outbox, 'marksFor' | 'storeMarked'>,
    private readonly store: ProviderStore
  ) {}

  public async outcomeOf(timers: readonly Timer[], again: boolean): Promise<TimerOutcome> {
    const { config, outbox } = this
    const delayed = timers.map(({ content }) => unpack(content) as PackedDelayed)
    const stored = again ? await this.storedOf(delayed) : new Map<string, never>()
    const toStore = delayed.filter(({ envelope }) => !stored.has(envelope.streamsId))
    const events = toStore.map(({ envelope, context }) => storedEvent(config, envelope, context))
    return {
      marks: outbox.marksFor(events),
      store: async () => {
        // Its process may have died before Booster dispatched it.
        if (stored.size > 0) await dispatchStored(config, [...stored.values()])
        if (toStore.length === 0) return
        const envelopes = toStore.map(({ envelope }) => envelope)
        await outbox.storeMarked(events, () => this.store(envelopes), storedTimes)
      },
    }
  }

  /** All of each entity is searched: by a clock that was wrong, an event may be older in the store than its timer. */
  private storedOf(delayed: readonly PackedDelayed[]): ReturnType<BoosterEventStore['envelopes']> {
    return this.events.envelopes(
      delayed.map(({ envelope: { streamsId: id, entityTypeName, entityID } }) => ({
        id,
        entityTypeName,
        entityId: String(entityID),
        since: 0,
      }))
    )
  }
}
