import { WRONGS, isGood } from './check'
import type { Verdict } from './check'
import type { Schedule } from './schedule'

const SHOWN = 10

/** A schedule, one line for each fault. */
export function planned({ commands, faults, poison }: Schedule): string[] {
  const events = commands.flatMap(({ origins }) => origins).length
  return [
    `${commands.length} commands, ${events} events; dead letters of ${poison.join(', ')}`,
    ...faults.map(({ at, on, ...fault }) => `after ${at} commands, ${on}: ${JSON.stringify(fault)}`),
  ]
}

/** The line that says it all. */
export function summary(verdict: Verdict): string {
  const { lost, doubled, reordered, wrongViews, events, faults, failpoints } = verdict
  const { kills, stops, failures, server, database } = faults
  const views = verdict.views === undefined ? '' : `, read models wrong ${wrongViews.length} of ${verdict.views}`
  const counts = `lost ${lost.length}, doubled ${doubled.length}, reordered ${reordered.length} of ${events}${views}`
  return `${counts}, faults ${kills + stops + failures + server + database}, failpoints hit ${failpoints.hit.length} of ${failpoints.all.length}`
}

/** What lies behind it, one line each. */
export function details(verdict: Verdict): string[] {
  const { faults, again, failpoints, inconclusive } = verdict
  const { neverReached } = failpoints
  return [
    `  ${faults.kills} kills, ${faults.stops} stops, ${faults.server} faults of the server, ${faults.database} of the database, ${faults.failures} failures of handlers, ${faults.deadLetters} dead letters redriven;`,
    `  ${again.redelivered} events run again after their handler was cut off, ${again.retried} after it failed; overlapping ${verdict.overlapping.length}`,
    ...(neverReached.length > 0 ? [`  no service comes to ${neverReached.join(', ')} here`] : []),
    ...WRONGS.flatMap((what) => examples(what, verdict[what])),
    ...inconclusive.map((why) => `inconclusive: ${why}`),
    ...(isGood(verdict) ? [] : ['FAILED']),
  ]
}

function examples(what: string, list: readonly string[]): string[] {
  const rest = list.length > SHOWN ? [`${what}: and ${list.length - SHOWN} more`] : []
  return [...list.slice(0, SHOWN).map((line) => `${what}: ${line}`), ...rest]
}
