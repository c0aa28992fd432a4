import {
  StreamerError,
  didYouMean,
  isAttachable,
  isClosable,
  isReplayable,
  parseAddress,
} from '@boostercloud/streamer-connector'
import type { ExternalEvent, Replayable, StreamerConnector, StreamerLogger } from '@boostercloud/streamer-connector'
import type { BoosterConfig } from '@boostercloud/framework-types'
import type { HandlerLink } from '../../declare'
import { dispatch, replayedAs } from '../../receive'
import { stateOf } from '../../runtime'
import { replayName } from '../../state'
import type { StateChange, StateStore } from '../../state'
import { topologyOfApp } from '../install'
import { Pace } from './pace'

/**
 * What a handler sees again.
 * @experimental
 */
export interface ReplayOptions {
  /** With its topic. */
  readonly address: string
  /** The handler's name. */
  readonly handler: string
  /** The time of the first event at the broker. */
  readonly from: Date
  /** The time before which the last one came. Default: now. */
  readonly to?: Date
  /** Counts, and changes nothing. */
  readonly dryRun?: boolean
  /** Asked with the number of events before anything is changed; nothing is, where it says no. Default: nobody is asked. */
  readonly confirm?: (events: number) => Promise<boolean>
  readonly log: StreamerLogger
  /** Told how many the handler is to see so far. */
  readonly onProgress?: (events: number) => void
}

/**
 * What a replay came to.
 * @experimental
 */
export interface Replayed {
  /** Events that the handler sees again. */
  readonly events: number
  /** Events of the range that it does not take. */
  readonly others: number
  /** Whether the events are parked; false where they were only counted. */
  readonly isParked: boolean
  /** Whether it has gone on with one that was interrupted: what that had parked is handled once. */
  readonly resumed: boolean
}

/** Events that are parked in one commit. */
const BATCH = 50

/**
 * Lets a handler see the events of a range again; nobody else does. They are parked for it under a generation of their own, in the order of the broker, and a running service
 * handles them as whatever is parked: those of one key in order, and events of that key that come meanwhile behind them, once. What the handler registers is new.
 * While a service handles them, it has 10,000 of them parked ahead of it at most.
 *
 * A call with the same address, handler and times after one that was interrupted goes on with its generation, so that each event is handled once in it; after one that is complete
 * it is another generation. Rejects with `OPTION_INVALID` for a link that the app does not have and for a streamer that cannot read again, and else as the connector and the state do.
 * @experimental
 */
export async function replayLink(config: BoosterConfig, options: ReplayOptions): Promise<Replayed> {
  const replayed = linkOf(config, options)
  const { connector } = replayed
  const { streamerId } = parseAddress(options.address)
  const { appName, environmentName: environment } = config
  if (isAttachable(connector)) connector.attach({ streamerId, appName, environment, logger: options.log })
  const state = await stateOf(config)
  try {
    if (options.dryRun || options.confirm) {
      const counts = await count(replayed, options)
      if (options.dryRun || !(await options.confirm?.(counts.events)))
        return { ...counts, isParked: false, resumed: false }
    }
    return await park(state, replayed, options)
  } finally {
    await state.close()
    if (isClosable(connector)) await connector.close()
  }
}

interface ReplayedLink {
  readonly link: HandlerLink
  /** All links of its address: an event that could be of several classes is given to none of them. */
  readonly all: readonly HandlerLink[]
  readonly connector: Replayable
}

type Counts = Pick<Replayed, 'events' | 'others'>

async function count(replayed: ReplayedLink, options: ReplayOptions): Promise<Counts> {
  return each(replayed, options, options.to ?? new Date(), () => Promise.resolve())
}

async function park(state: StateStore, replayed: ReplayedLink, options: ReplayOptions): Promise<Replayed> {
  const { generation, resumed, note } = await generationOf(state, options)
  const tag = `${generation.number}@${options.from.toISOString()}/${generation.until}`
  let batch: StateChange[] = []
  let isNoted = false
  const { address, handler } = replayed.link
  const pace = new Pace(async () => {
    const links = await state.parkedByLink()
    return links.find((link) => link.address === address && link.handler === handler)?.parked ?? 0
  })
  const flush = async (): Promise<void> => {
    await state.commit([...(isNoted ? [] : [note(true)]), ...batch, { do: 'notify' }])
    isNoted = true
    await pace.parked(batch.length)
    batch = []
  }
  const counts = await each(replayed, options, new Date(generation.until), async (event) => {
    batch.push({ do: 'park', event: replayedAs(tag, event, replayed.link) })
    if (batch.length >= BATCH) await flush()
  })
  await flush()
  await state.commit([note(false)])
  return { ...counts, isParked: true, resumed }
}

/** Gives each event of the range that the handler takes, in the order of the broker. */
async function each(
  { link, all, connector }: ReplayedLink,
  { address, from, onProgress }: ReplayOptions,
  to: Date,
  take: (event: ExternalEvent) => Promise<void>
): Promise<Counts> {
  const counts = { events: 0, others: 0 }
  for await (const event of connector.read(parseAddress(address).topic, { from, to })) {
    if (dispatch(event, all).links.includes(link)) {
      counts.events += 1
      await take(event)
      if (counts.events % BATCH === 0) onProgress?.(counts.events)
    } else counts.others += 1
  }
  onProgress?.(counts.events)
  return counts
}

/** Which run of a replay it is, and where it ends: one that goes on must not have another end. */
interface Generation {
  readonly number: number
  readonly until: string
}

/** The generation to park under: that of an interrupted run, else the next one. `note` says whether it is complete. */
async function generationOf(
  state: StateStore,
  { address, handler, from, to }: ReplayOptions
): Promise<{ generation: Generation; resumed: boolean; note: (isOpen: boolean) => StateChange }> {
  const times = { from: from.toISOString(), to: to ? to.toISOString() : null }
  const name = replayName({ address, handler, ...times })
  const kept = await state.position(name)
  const last = kept === undefined ? undefined : (JSON.parse(kept) as Noted)
  const resumed = last?.isOpen ?? false
  const next = { number: (last?.generation.number ?? 0) + 1, until: (to ?? new Date()).toISOString() }
  const generation = last && resumed ? last.generation : next
  const note = (isOpen: boolean): StateChange => {
    const noted: Noted = { generation, isOpen }
    return { do: 'move-position', address: name, position: JSON.stringify(noted) }
  }
  return { generation, resumed, note }
}

/** What the state keeps of the last run of a replay. */
interface Noted {
  readonly generation: Generation
  /** Whether it was begun and is not complete. */
  readonly isOpen: boolean
}

function linkOf(config: BoosterConfig, { address, handler }: ReplayOptions): ReplayedLink {
  const { received, streamers } = topologyOfApp(config) ?? {
    received: new Map<string, HandlerLink[]>(),
    streamers: new Map<string, StreamerConnector>(),
  }
  const all = received.get(address) ?? []
  const link = all.find((one) => one.handler === handler)
  if (!link)
    throw unknown(
      `${address} ${handler}`,
      [...received.values()].flat().map((one) => `${one.address} ${one.handler}`)
    )
  const connector = streamers.get(parseAddress(address).streamerId)
  if (isReplayable(connector)) return { link, all, connector }
  throw new StreamerError(
    'OPTION_INVALID',
    'The events of this streamer cannot be read again: nothing can be replayed.',
    {
      at: address,
      hint: 'Use a streamer that keeps its events (its capabilities say replay: true), replay them from a lake that has recorded them, or let the producer publish them again: boost-streamers backfill.',
    }
  )
}

function unknown(wrong: string, links: readonly string[]): StreamerError {
  return new StreamerError('OPTION_INVALID', `The app has no link ${wrong}.`, {
    at: 'links replay',
    hint: `${didYouMean(wrong, links)}It has: ${links.length === 0 ? 'none' : links.join(', ')}.`,
  })
}
