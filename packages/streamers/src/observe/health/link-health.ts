import type { LinkProgress, ReceiverReport } from '../../receive'
import type { Kept } from './kept'
import type { LastErrors } from './last-errors'

/**
 * How a handler at an address is.
 * @public
 */
export interface LinkHealth {
  /** With its topic. */
  readonly address: string
  /** The handler's name: its class's, unless it says another. */
  readonly handler: string
  readonly healthy: boolean
  /**
   * `poll-fails`: the streamer cannot be polled. `stalled`: a poll does not come back, or events wait, and nothing was settled for
   * `stallMs`. `newer-version`: an event waits whose version this service does not know. `slots-taken`: runs that took longer than their
   * `timeoutMs` go on, and no other handler of the address can run. `runs-long`: a run takes longer than `stallMs`.
   */
  readonly problem?: 'poll-fails' | 'slots-taken' | 'runs-long' | 'stalled' | 'newer-version'
  /** Whether somebody paused it: its events are set aside in order. */
  readonly paused: boolean
  /** Events that it was given and that are neither finished, parked nor a dead letter. */
  readonly unsettled: number
  readonly oldestUnsettledMs?: number
  /** Its runs that are under way in this process. */
  readonly running: number
  /** How long the oldest of them has taken. */
  readonly longestRunMs?: number
  /** Those that have taken longer than their `timeoutMs`: what they come to is discarded. */
  readonly lateRuns: number
  /** Events with which a process has ended while they ran alone; they run alone until a run has ended. */
  readonly suspects: number
  /** How many runs of one of these have not ended, at most; with `maxStarts` it is a dead letter. */
  readonly unendedStarts: number
  /** When an event was last settled in this run, RFC 3339. */
  readonly lastProgressAt?: string
  /** Events that wait for a later try, or behind one that does. */
  readonly parked: number
  readonly deadLetters: number
  /** The code of its last failure, until it handles an event again. */
  readonly lastError?: string
}

/** What a link is judged by. */
export interface LinkSurroundings {
  readonly kept: Kept
  readonly lastErrors: LastErrors
  readonly now: number
  readonly stallMs: number
}

/** How the links of a receiver are. */
export function linkHealth(report: ReceiverReport, around: LinkSurroundings): LinkHealth[] {
  const { address } = report
  const { kept, lastErrors, now } = around
  return report.links.map((link) => {
    const { handler, unsettled, oldestUnsettledAt, lastProgressAt, running } = link
    const isSame = (one: { address: string; handler: string }): boolean =>
      one.address === address && one.handler === handler
    const { parked = 0, deadLetters = 0 } = kept.parked.find(isSame) ?? {}
    const lastError = lastErrors.of(address, handler)?.code
    const starts = kept.runs.filter(isSame).map((run) => run.starts)
    const problem = problemOf(report, link, around) ?? (parked > 0 ? versionProblem(lastError) : undefined)
    return {
      address,
      handler,
      healthy: problem === undefined,
      problem,
      paused: kept.paused.some(isSame),
      unsettled,
      oldestUnsettledMs: oldestUnsettledAt === undefined ? undefined : now - oldestUnsettledAt,
      running: running.length,
      longestRunMs: running.length === 0 ? undefined : now - oldestOf(running),
      lateRuns: running.filter(({ isLate }) => isLate).length,
      suspects: starts.filter((count) => count > 0).length,
      unendedStarts: Math.max(0, ...starts),
      lastProgressAt: lastProgressAt === undefined ? undefined : new Date(lastProgressAt).toISOString(),
      parked,
      deadLetters,
      lastError,
    }
  })
}

function problemOf(
  { polls, pollingSince, links, slots }: ReceiverReport,
  { oldestUnsettledAt, lastProgressAt = 0, running }: LinkProgress,
  { now, stallMs }: LinkSurroundings
): LinkHealth['problem'] {
  if (!polls) return 'poll-fails'
  if (links.flatMap((link) => link.running).filter(({ isLate }) => isLate).length >= slots) return 'slots-taken'
  if (running.length > 0 && now - oldestOf(running) > stallMs) return 'runs-long'
  const waitsSince = oldestUnsettledAt === undefined ? now : Math.max(oldestUnsettledAt, lastProgressAt)
  return now - Math.min(pollingSince ?? now, waitsSince) > stallMs ? 'stalled' : undefined
}

function oldestOf(running: LinkProgress['running']): number {
  return Math.min(...running.map(({ since }) => since))
}

function versionProblem(lastError: string | undefined): LinkHealth['problem'] {
  return lastError === 'EVENT_VERSION_UNKNOWN' ? 'newer-version' : undefined
}
