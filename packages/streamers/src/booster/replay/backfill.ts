import {
  StreamerError,
  didYouMean,
  isAttachable,
  isClosable,
  isPartialPublishError,
  parseAddress,
} from '@boostercloud/streamer-connector'
import type { StreamerConnector, StreamerLogger } from '@boostercloud/streamer-connector'
import type { BoosterConfig, EventEnvelope, EventInterface } from '@boostercloud/framework-types'
import { isNeverTaken, isPermanent, publishable } from '../../publish'
import { placeOf } from '../../runtime'
import type { StateStore } from '../../state'
import { withStableIds } from './backfill-id'
import { entitiesOf, eventsOf } from '../events/history'
import type { EntityReference } from '../events/history'
import { topologyOfApp } from '../install'
import { contextOfStored, storedEvent } from '../events/stored-envelope'

/**
 * What of the past is streamed, and how.
 * @experimental
 */
export interface BackfillOptions {
  /** Where to; events of the classes that the app streams there. */
  readonly address: string
  /** The time of the first event. */
  readonly from: Date
  /** The time before which the last one was stored. Default: now. */
  readonly to?: Date
  /** Default 500. */
  readonly eventsPerSecond?: number
  /** Counts, and publishes nothing. */
  readonly dryRun?: boolean
  readonly log: StreamerLogger
  /** Told how many have been published so far, and at which of how many entities it is, from 1. */
  readonly onProgress?: (events: number, entities: { readonly at: number; readonly of: number }) => void
}

/**
 * What a backfill came to.
 * @experimental
 */
export interface Backfilled {
  readonly events: number
  /** Whose events they are. */
  readonly entities: number
  /** Events that the streamer refuses for good; they are left out. */
  readonly refused: number
  /** Entities that an earlier run, which was interrupted, had done already. */
  readonly resumedBehind: number
}

const DEFAULT_RATE = 500
const BATCH = 100

/**
 * Streams what is stored in the event store already, for a `streamTo` that came later: each entity's events in the order stored. Every
 * run gives an event the same id, so that what is published twice takes effect once in a service that handles it. A run that was
 * interrupted is gone on with when it is asked for again with the same address and times.
 *
 * The service must not run meanwhile where its state is embedded: Booster's local store is of one process. Rejects with `STORAGE_BUSY`
 * then, with `OPTION_INVALID` for an address that nothing is streamed to, and as the connector does.
 * @experimental
 */
export async function backfill(config: BoosterConfig, options: BackfillOptions): Promise<Backfilled> {
  const { connector, typeNames } = sourceOf(config, options.address)
  checkRate(options.eventsPerSecond ?? DEFAULT_RATE)
  const place = placeOf(config)
  const lock = await place.lock()
  const state = await place.open()
  try {
    return await new Backfill(config, options, { connector, typeNames, state }).run()
  } finally {
    if (isClosable(connector)) await connector.close()
    await state.close()
    await lock?.release()
  }
}

interface Surroundings {
  readonly connector: StreamerConnector
  readonly typeNames: readonly string[]
  readonly state: StateStore
}

/** One run. */
class Backfill {
  private readonly begun = performance.now()
  private readonly batch: EventInterface[] = []
  private readonly topic?: string
  private readonly rate: number
  private events = 0
  private entities = 0
  private refused = 0
  private sinceNoted = 0
  private at = 0
  private of = 0

  public constructor(
    private readonly config: BoosterConfig,
    private readonly options: BackfillOptions,
    private readonly around: Surroundings
  ) {
    const { streamerId, topic } = parseAddress(options.address)
    const { appName, environmentName: environment } = config
    this.topic = topic
    this.rate = options.eventsPerSecond ?? DEFAULT_RATE
    const { connector } = around
    if (isAttachable(connector)) connector.attach({ streamerId, appName, environment, logger: options.log })
  }

  public async run(): Promise<Backfilled> {
    const { typeNames } = this.around
    const { from, to = new Date(), dryRun } = this.options
    const entities = await entitiesOf(this.config, typeNames)
    const done = dryRun ? 0 : await this.doneBefore(entities)
    this.at = done
    this.of = entities.length
    for (const entity of entities.slice(done)) {
      this.at += 1
      const stored = await eventsOf(this.config, entity, { typeNames, from, to })
      if (stored.length > 0) this.entities += 1
      for (const envelope of withStableIds(this.config.appName, stored)) await this.add(envelope)
      if (this.sinceNoted >= BATCH) await this.flush(entity)
    }
    await this.flush()
    return { events: this.events, entities: this.entities, refused: this.refused, resumedBehind: done }
  }

  private async add(envelope: ReturnType<typeof withStableIds>[number]): Promise<void> {
    if (this.batch.length >= Math.min(BATCH, this.rate)) await this.publish()
    this.batch.push(this.eventOf(envelope))
    this.sinceNoted += 1
  }

  private eventOf(envelope: EventEnvelope & { readonly streamsId: string }): EventInterface {
    const event = storedEvent(this.config, envelope, contextOfStored(envelope))
    return publishable(event, this.config.appName, event.context, Date.parse(envelope.createdAt))
  }

  /** Publishes what is left, and takes note that everything up to this entity is done; without one: that all is. */
  private async flush(entity?: EntityReference): Promise<void> {
    await this.publish()
    this.sinceNoted = 0
    if (this.options.dryRun) return
    const position = entity ? JSON.stringify([entity.entityTypeName, entity.entityId]) : ''
    await this.around.state.commit([{ do: 'move-position', address: this.progressName, position }])
  }

  private async publish(): Promise<void> {
    const events = this.batch.splice(0)
    if (events.length === 0) return
    if (!this.options.dryRun) {
      await this.send(events)
      const aheadMs = (this.events * 1_000) / this.rate - (performance.now() - this.begun)
      if (aheadMs > 0) await new Promise((resolve) => setTimeout(resolve, aheadMs))
    } else this.events += events.length
    this.options.onProgress?.(this.events, { at: this.at, of: this.of })
  }

  /** Rejects with what may pass; what never will is left out. */
  private async send(events: EventInterface[]): Promise<void> {
    const { connector } = this.around
    try {
      await connector.publish(events, this.topic)
      this.events += events.length
    } catch (error) {
      if (isPartialPublishError(error)) {
        const again = error.failed.find((failure) => !isNeverTaken(failure.error))
        if (again) throw again.error
        this.events += events.length - error.failed.length
        for (const failure of error.failed) this.refuse(failure.error)
      } else if (isPermanent(error)) {
        if (events.length === 1) this.refuse(error)
        else for (const event of events) await this.send([event])
      } else throw error
    }
  }

  private refuse(error: StreamerError): void {
    this.refused += 1
    this.options.log.error(`'${this.options.address}' refuses an event permanently. It is left out.`, error)
  }

  /** How many entities an interrupted run has done. */
  private async doneBefore(entities: readonly EntityReference[]): Promise<number> {
    const position = await this.around.state.position(this.progressName)
    if (!position) return 0
    const [entityTypeName, entityId] = JSON.parse(position) as [string, string]
    const last = entities.findIndex((one) => one.entityTypeName === entityTypeName && one.entityId === entityId)
    return last + 1
  }

  private get progressName(): string {
    const { address, from, to } = this.options
    return `backfill:${JSON.stringify([address, from, to ?? null])}`
  }
}

function checkRate(rate: number): void {
  if (rate > 0 && Number.isFinite(rate)) return
  throw new StreamerError('OPTION_INVALID', `It cannot publish ${rate} events a second.`, {
    at: 'eventsPerSecond',
    hint: 'Give a number above 0.',
  })
}

function sourceOf(config: BoosterConfig, address: string): Pick<Surroundings, 'connector' | 'typeNames'> {
  const { published, streamers } = topologyOfApp(config) ?? {
    published: new Map<string, string[]>(),
    streamers: new Map(),
  }
  const typeNames = [...published].filter(([, addresses]) => addresses.includes(address)).map(([typeName]) => typeName)
  const connector = streamers.get(parseAddress(address).streamerId) as StreamerConnector | undefined
  if (connector && typeNames.length > 0) return { connector, typeNames }
  const known = [...new Set([...published.values()].flat())]
  throw new StreamerError('OPTION_INVALID', 'The app streams no event there.', {
    at: address,
    hint:
      known.length === 0
        ? 'Add streamTo to an event first.'
        : `${didYouMean(address, known)}It streams to ${known.map((one) => `'${one}'`).join(', ')}.`,
  })
}
