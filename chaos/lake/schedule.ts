import { Random } from '../random'
import type { ServerFault } from '../fault'
import type { ServerFaultKind } from '../server-kind'
import { dooms } from './failpoints'
import type { Victim } from './failpoints'

/** What is done to a run, one after another. */
export type LakeFault =
  | {
      readonly on: Victim
      readonly do: 'kill-at'
      readonly failpoint: string
      readonly times: number
      readonly downMs: number
    }
  | { readonly on: Victim; readonly do: 'kill'; readonly afterMs: number; readonly downMs: number }
  | { readonly on: 'server'; readonly fault: ServerFault }

/** What a run is derived from. */
export interface LakePlan {
  readonly seed: number
  /** How often a recorder or a compaction is killed. */
  readonly kills: number
  /** What the broker can suffer. */
  readonly server: readonly ServerFaultKind[]
}

/** One fault of the broker for so many kills. */
const KILLS_PER_SERVER_FAULT = 6

/** The same plan, the same faults: each failpoint first, as far as there are kills, and random instants for the rest. */
export function lakeScheduleOf({ seed, kills, server }: LakePlan): LakeFault[] {
  const random = new Random(`lake ${seed}`)
  const known = dooms()
  const deaths = Array.from({ length: kills }, (_, index): LakeFault => {
    const downMs = random.int(0, 150)
    // Half of what is left after each failpoint was met once comes at failpoints too.
    const isAtFailpoint = index < known.length || random.int(0, 1) === 0
    const { victim, failpoint } = index < known.length ? known[index] : random.one(known)
    if (isAtFailpoint) return { on: victim, do: 'kill-at', failpoint, times: random.int(1, 3), downMs }
    return { on: random.one(['recorder', 'compaction']), do: 'kill', afterMs: random.int(0, 300), downMs }
  })
  const sufferings = Array.from({ length: Math.ceil(kills / KILLS_PER_SERVER_FAULT) }, (_, index): LakeFault[] => {
    const fault = server.length > 0 ? serverFault(server[index % server.length], random) : undefined
    return fault ? [{ on: 'server', fault }] : []
  })
  return random.shuffled([...deaths, ...sufferings.flat()])
}

function serverFault(kind: ServerFaultKind, random: Random): ServerFault | undefined {
  const faulty = { at: 0, on: 'server' } as const
  if (kind === 'kill') return { ...faulty, do: 'kill', afterMs: random.int(0, 200), downMs: random.int(0, 500) }
  if (kind === 'cut') return { ...faulty, do: 'cut' }
  if (kind === 'delay') return { ...faulty, do: 'delay', byMs: random.int(50, 300), forMs: random.int(200, 800) }
  return undefined
}
