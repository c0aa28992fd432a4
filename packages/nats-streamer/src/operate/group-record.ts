import { lasts } from '@boostercloud/streamer-connector'
import type { GroupOwner } from '@boostercloud/streamer-connector'

/** One process that reads topics as a group, or that did. */
export interface Holding {
  readonly state: string
  readonly member: string
  readonly topics: readonly string[]
  /** When it ends; milliseconds by the server's clock. */
  readonly until: number
}

/** Who wants to read what, and when that is. */
export interface Claim {
  readonly topics: readonly string[]
  readonly owner: GroupOwner
  /** Milliseconds by the server's clock. */
  readonly now: number
}

/** What becomes of a claim: the record as it is to be, or who is in the way. */
export type Verdict =
  | { readonly record: readonly Holding[]; readonly before: readonly string[] }
  | { readonly refused: { readonly topic: string; readonly by: string } }

/** States whose processes have all ended, of which the record goes on knowing. */
const MOST_ENDED = 20

/** The record with a claim in it, unless a process of another state is reading one of its topics. */
export function withClaim(record: readonly Holding[], { topics, owner, now }: Claim): Verdict {
  const { stateId: state, member, leaseMs } = owner
  const others = record.filter((holding) => holding.state !== state)
  for (const topic of topics) {
    const living = others.find((holding) => lasts(holding.until, now, leaseMs) && holding.topics.includes(topic))
    if (living) return { refused: { topic, by: living.state } }
  }
  const shared = others.filter((holding) => holding.topics.some((topic) => topics.includes(topic)))
  return {
    record: tidied([...without(record, owner, topics), { state, member, topics, until: now + leaseMs }], now, leaseMs),
    before: [...new Set(latestFirst(shared).map((holding) => holding.state))],
  }
}

/** The record after a process has ended, or reads these topics no more. */
export function withoutClaim(record: readonly Holding[], { topics, owner, now }: Claim): readonly Holding[] {
  const { stateId: state, member, leaseMs } = owner
  return tidied([...without(record, owner, topics), { state, member, topics, until: now }], now, leaseMs)
}

/** Of a state's processes that have ended, one is enough to know it by. */
function tidied(record: readonly Holding[], now: number, leaseMs: number): readonly Holding[] {
  const ended = new Map<string, Holding>()
  for (const { state, topics, until } of record.filter((holding) => !lasts(holding.until, now, leaseMs))) {
    const known = ended.get(state)
    ended.set(state, {
      state,
      member: '',
      topics: [...new Set([...(known?.topics ?? []), ...topics])],
      until: Math.max(until, known?.until ?? 0),
    })
  }
  const living = record.filter((holding) => lasts(holding.until, now, leaseMs))
  return [...living, ...latestFirst([...ended.values()]).slice(0, MOST_ENDED)]
}

function latestFirst(record: readonly Holding[]): Holding[] {
  return [...record].sort((one, other) => other.until - one.until)
}

/** The record but for what a process has of these topics. */
function without(record: readonly Holding[], { stateId, member }: GroupOwner, topics: readonly string[]): Holding[] {
  return record.flatMap((holding) => {
    if (holding.state !== stateId || holding.member !== member) return [holding]
    const others = holding.topics.filter((topic) => !topics.includes(topic))
    return others.length > 0 ? [{ ...holding, topics: others }] : []
  })
}
