import { demandedFailpoints, neverReachedOn } from './failpoints'
import { isServerFault } from './fault'
import type { ServerName } from './fault'
import type { RunFacts } from './history'
import type { Schedule } from './schedule'
import type { ServerFaultKind } from './server-kind'

/** What a run under a schedule is to show. */
export function factsOf({ seed, streamer, provider, faults }: Schedule, mutant?: string): RunFacts {
  const kindsOf = (name: ServerName): ServerFaultKind[] => [
    ...new Set(faults.filter(isServerFault).flatMap((fault) => (fault.on === name ? [fault.do] : []))),
  ]
  return {
    seed,
    streamer: streamer.name,
    provider: provider.name,
    failpoints: demandedFailpoints(streamer, provider),
    neverReached: neverReachedOn(streamer, provider),
    serverFaults: streamer.server && kindsOf('server'),
    databaseFaults: provider.server && kindsOf('database'),
    mutant,
  }
}
