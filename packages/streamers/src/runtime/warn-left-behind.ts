import { parseAddress } from '@boostercloud/streamer-connector'
import type { StreamerLogger } from '@boostercloud/streamer-connector'
import type { Topology } from '../declare'
import { leftBehind, readKept, saidOf } from '../observe'
import type { KnownNames } from '../observe'
import type { StateStore } from '../state'
import { positionNameOf } from './receivers'

/** Where a backfill or a replay is, which no handler reads. */
const OF_COMMANDS = /^(?:backfill|replay):\[/

/** What the code of a service has, for telling what its state keeps for nobody. */
export function knownNames({ received, streamers }: Topology): KnownNames {
  return {
    links: [...received.values()].flat(),
    isPublishing: (address) => streamers.has(parseAddress(address).streamerId),
  }
}

/** Says what the state keeps for handlers and addresses that the code has no longer. `withPositions`: where reading them costs little. */
export async function warnOfLeftBehind(
  state: StateStore,
  topology: Topology,
  { log, withPositions }: { readonly log: StreamerLogger; readonly withPositions: boolean }
): Promise<void> {
  const known = knownNames(topology)
  const kept = await readKept(state)
  // What waits for a broker is told of when its relay would be made.
  for (const one of leftBehind(kept, known)) if (one.handler !== undefined) log.warn(saidOf(one))
  if (!withPositions) return
  const names = new Set([...topology.received.values()].flat().map(positionNameOf))
  for (const { name } of await state.positions()) {
    if (names.has(name) || topology.received.has(name) || OF_COMMANDS.test(name)) continue
    log.warn(
      `The state keeps a position '${name}' at which no handler of this service reads. If a handler or an address was renamed: boost-streamers links rename --help.`
    )
  }
}
