import type { CheckedBy, IgnoredAt } from '@boostercloud/streamers/runtime'
import type { KnownRun, LinkFailure, ParkedCount } from '@boostercloud/streamers/state'
import { isoOf } from '../kept/kept-event'
import type { OpenApp } from '../app/operated-app'

/** A link of the app, and how it is. */
export interface LinkState {
  readonly address: string
  readonly handler: string
  /** The event class's name; undefined: every event of the address. */
  readonly type?: string
  /** What the events that it takes are called on the wire; undefined: every event of the address. */
  readonly types?: readonly string[]
  readonly paused: boolean
  /** Events that wait in the park. */
  readonly parked: number
  readonly deadLetters: number
  /** When the next parked event is tried, RFC 3339; undefined where none waits for a try. */
  readonly nextTryAt?: string
  /** How an event failed last that is parked or dead. */
  readonly lastError?: { readonly at: string; readonly name: string; readonly message: string; readonly code?: string }
  /** How far the address is settled for it; undefined where the broker keeps that, or nothing was settled yet. */
  readonly position?: string
  /** Events of the address that the streamer still has for the service; undefined where it was not asked, or cannot say. */
  readonly lag?: number
  /** Runs of its handler, in whatever process, that have lasted for a second or more; the longest first. */
  readonly running: readonly { readonly source: string; readonly id: string; readonly forMs: number }[]
  /** Events with which a process has ended, and how many of their runs alone have not ended. */
  readonly suspects: readonly { readonly source: string; readonly id: string; readonly starts: number }[]
  /** What came to its address and no handler there takes, whoever of the service's processes has counted it; see `IgnoredAt`. */
  readonly ignored: Omit<IgnoredAt, 'address'>
  /** What decides which events its handler takes; undefined where it is no longer in the code. */
  readonly checkedBy?: CheckedBy
  /** Whether the schema that decides is older than the sources here. */
  readonly isOutdated: boolean
  /** The state keeps something of it, but it is no longer in the code. */
  readonly gone: boolean
}

interface Named {
  readonly address: string
  readonly handler: string
  readonly typeName?: string
  readonly types?: readonly string[]
  readonly positionName: string
}

/** Every link of the app, and those that it had and that have left something behind. */
export async function linkStates({ config, state, streamers }: OpenApp): Promise<LinkState[]> {
  const links: readonly Named[] = streamers.linksOf(config)
  const [kept, pausedLinks, positions] = [
    await state.parkedByLink(),
    await state.pausedLinks(),
    new Map((await state.positions()).map(({ name, position }) => [name, position])),
  ]
  const paused = new Set(pausedLinks.map(({ address, handler }) => nameOf(address, handler)))
  const known = new Set(links.map(({ address, handler }) => nameOf(address, handler)))
  const checks = new Map(streamers.handlerChecks(config).map((one) => [nameOf(one.address, one.handler), one]))
  const now = Date.now()
  const runs = await state.knownRuns(now)
  const failures = await state.lastFailures()
  const ignored = streamers.ignoredAt(await state.ignoredTypes(), links)
  const read = new Set(links.map(({ positionName }) => positionName))
  const own = [...positions.keys()].filter((name) => !read.has(name)).flatMap(ownPosition)
  const left = [...kept.filter(({ handler }) => handler !== ''), ...pausedLinks, ...own]
  const gone = new Map(left.map(({ address, handler }) => [nameOf(address, handler), { address, handler }]))
  for (const name of known) gone.delete(name)
  return [...links, ...[...gone.values()].map(named)].map(({ address, handler, typeName, types, positionName }) => {
    const name = nameOf(address, handler)
    const counts = kept.find((one) => one.address === address && one.handler === handler)
    return {
      address,
      handler,
      type: typeName,
      types,
      paused: paused.has(name),
      ...waitingOf(counts),
      lastError: lastErrorOf(failures.find((one) => one.address === address && one.handler === handler)),
      position: positions.get(positionName) ?? positions.get(`${address}#${handler}`),
      ...runsOf(
        runs.filter((run) => run.address === address && run.handler === handler),
        now
      ),
      ignored: ignoredOf(ignored, address),
      checkedBy: checks.get(name)?.checkedBy,
      isOutdated: (checks.get(name)?.changedSources ?? []).length > 0,
      gone: !known.has(name),
    }
  })
}

function waitingOf(counts: ParkedCount | undefined): Pick<LinkState, 'parked' | 'deadLetters' | 'nextTryAt'> {
  const { parked = 0, deadLetters = 0, nextTryAt } = counts ?? {}
  return { parked, deadLetters, nextTryAt: nextTryAt === undefined ? undefined : isoOf(nextTryAt) }
}

function lastErrorOf(failure: LinkFailure | undefined): LinkState['lastError'] {
  if (!failure) return undefined
  const { name, message, code } = failure.cause
  return { at: isoOf(failure.at), name, message, code }
}

function ignoredOf(all: readonly IgnoredAt[], address: string): LinkState['ignored'] {
  const { types, others } = all.find((one) => one.address === address) ?? { types: [], others: 0 }
  return { types, others }
}

/** The link of a position that a handler had of its own. */
function ownPosition(name: string): { readonly address: string; readonly handler: string }[] {
  const at = name.lastIndexOf('#')
  return at < 0 ? [] : [{ address: name.slice(0, at), handler: name.slice(at + 1) }]
}

function named({ address, handler }: { readonly address: string; readonly handler: string }): Named {
  return { address, handler, positionName: `${address}#${handler}` }
}

/** What is known of the runs of a link. One whose claim is over has gone with its process. */
function runsOf(runs: readonly KnownRun[], now: number): Pick<LinkState, 'running' | 'suspects'> {
  const running = runs.flatMap(({ source, id, since, isClaimed }) =>
    isClaimed && since !== undefined ? [{ source, id, forMs: Math.max(0, now - since) }] : []
  )
  return {
    running: running.sort((one, other) => other.forMs - one.forMs),
    suspects: runs.filter(({ starts }) => starts > 0).map(({ source, id, starts }) => ({ source, id, starts })),
  }
}

function nameOf(address: string, handler: string): string {
  return JSON.stringify([address, handler])
}
