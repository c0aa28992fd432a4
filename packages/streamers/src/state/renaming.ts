import { StreamerError } from '@boostercloud/streamer-connector'

/**
 * A name in the state that becomes another one: a handler's, or an address's with its topic.
 * @experimental
 */
export interface Renaming {
  readonly what: 'handler' | 'address'
  readonly from: string
  readonly to: string
}

/**
 * What was renamed.
 * @experimental
 */
export interface Renamed {
  /** Marks of events that wait for their broker. */
  readonly pending: number
  /** Entries of the inbox; those that both names had count once. */
  readonly inbox: number
  readonly parked: number
  readonly deadLetters: number
  /** Timers of a handler. */
  readonly timers: number
  readonly pausedLinks: number
  readonly positions: number
  /** Types whose events are counted at an address because no handler of it takes them. */
  readonly ignoredTypes: number
}

/**
 * The name of a position after a renaming; undefined where it is not concerned.
 * @internal
 */
export function renamedPosition(name: string, renaming: Renaming): string | undefined {
  const { what, from, to } = renaming
  const replay = replayNamed(name)
  if (replay) return replay[what] === from ? replayName({ ...replay, [what]: to }) : undefined
  if (what === 'handler') return name.endsWith(`#${from}`) ? `${name.slice(0, -from.length)}${to}` : undefined
  if (name === from) return to
  return name.startsWith(`${from}#`) ? `${to}${name.slice(from.length)}` : undefined
}

/**
 * What is replayed: to whom, and from when. Times as ISO texts.
 * @internal
 */
export interface ReplayPlace {
  readonly address: string
  readonly handler: string
  readonly from: string
  /** Null: until now. */
  readonly to: string | null
}

const REPLAY = 'replay:'

/**
 * Under what the generation of a replay is kept, among the positions.
 * @internal
 */
export function replayName({ address, handler, from, to }: ReplayPlace): string {
  return `${REPLAY}${JSON.stringify([address, handler, from, to])}`
}

function replayNamed(name: string): ReplayPlace | undefined {
  if (!name.startsWith(REPLAY)) return undefined
  const [address, handler, from, to] = JSON.parse(name.slice(REPLAY.length)) as [string, string, string, string | null]
  return { address, handler, from, to }
}

/**
 * That both names have something that only one can have.
 * @internal
 */
export function renamingCollides({ from, to }: Renaming, what: string): StreamerError {
  return new StreamerError('OPTION_INVALID', `'${to}' already has ${what} that '${from}' has too.`, {
    at: `${from} → ${to}`,
    hint: 'Nothing was changed. Redrive or discard what one of them has, or use a new name that is not in use.',
  })
}

/**
 * That events are handled at this moment under the name that is to go.
 * @internal
 */
export function renamingBusy({ from, to }: Renaming): StreamerError {
  return new StreamerError(
    'STORAGE_BUSY',
    `'${from}' is handling events at this moment, or was until its process died.`,
    {
      at: `${from} → ${to}`,
      hint: 'Nothing was changed. Stop every process that still has the old name, wait half a minute, and try again.',
      retryable: true,
    }
  )
}
