import { lakeStatus } from './lake-status'
import type { LakeStatus } from './lake-status'
import { linkStates } from './link-states'
import { withLag } from './lags'
import type { LinkState } from './link-states'
import { isoOf } from '../kept/kept-event'
import type { OpenApp } from '../app/operated-app'

/** What waits at an address for its broker. */
export interface Outgoing {
  readonly address: string
  /** Stored events that the broker has not confirmed. */
  readonly pending: number
  /** When the oldest of them was stored, RFC 3339. */
  readonly oldestAt?: string
  /** Events that the streamer refuses for good, with the last reason. */
  readonly refused: number
  readonly lastRefusal?: string
}

/** How a service's streams are, read from its state: it need not run. */
export interface ServiceStatus {
  readonly service: string
  readonly environment: string
  /** The state that this was read from. */
  readonly state: string
  /** When, RFC 3339. */
  readonly at: string
  readonly outgoing: readonly Outgoing[]
  readonly links: readonly LinkState[]
  /** Dead letters that could be given to no handler. */
  readonly undecodable: number
  /** What `config.streaming.lake` has; undefined where nothing is recorded inside of the service. */
  readonly lake?: LakeStatus
}

/** Refused events that are read; they are few, since each is an event of this very service. */
const MOST_REFUSED = 100_000

/** Reads the state once. */
export async function serviceStatus(app: OpenApp): Promise<ServiceStatus> {
  const { config, state } = app
  const [links, parked] = [await withLag(app, await linkStates(app)), await state.parkedByLink()]
  const lake = await lakeStatus(app)
  return {
    service: config.appName,
    environment: config.environmentName,
    state: state.name,
    at: isoOf(Date.now()),
    outgoing: await outgoingOf(app),
    links,
    undecodable: parked.filter(({ handler }) => handler === '').reduce((sum, { deadLetters }) => sum + deadLetters, 0),
    ...(lake && { lake }),
  }
}

async function outgoingOf({ config, state, streamers }: OpenApp): Promise<Outgoing[]> {
  const pending = await state.pendingByAddress()
  const refused = await state.refusedMarks(MOST_REFUSED)
  const addresses = new Set([
    ...streamers.publicationsOf(config).map(({ address }) => address),
    ...pending.keys(),
    ...refused.map(({ address }) => address),
  ])
  return [...addresses].sort().map((address) => {
    const waits = pending.get(address)
    const refusals = refused.filter((mark) => mark.address === address)
    return {
      address,
      pending: waits?.count ?? 0,
      oldestAt: waits && isoOf(waits.oldestAt),
      refused: refusals.length,
      lastRefusal: refusals.at(-1)?.cause,
    }
  })
}
