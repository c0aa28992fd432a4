import { overlapsOf } from './check-handlers'
import { wrongViewsOf } from './check-views'
import type { ServerName } from './fault'
import type { History, StoredStep } from './history'
import { STAGES } from './stages'

/** What a history shows. Each list names what is wrong. */
export interface Verdict {
  /** Answered, or stored, and without effect. */
  readonly lost: readonly string[]
  /** More than one effect, an effect of nothing, or a handler that ran again though it had ended and nothing had died. */
  readonly doubled: readonly string[]
  /** Stored before one of its key that comes before it. */
  readonly reordered: readonly string[]
  /** Read models that do not say what the events of their entity say. */
  readonly wrongViews: readonly string[]
  /** Handlers of one key that ran at the same time. */
  readonly overlapping: readonly string[]
  /** Processes that were up and ended though nobody had told them to. */
  readonly crashed: readonly string[]
  /** Why the run proves nothing. */
  readonly inconclusive: readonly string[]
  /** Events in the first store. */
  readonly events: number
  /** Read models that were looked at; undefined where the provider promises nothing of them. */
  readonly views?: number
  readonly faults: Readonly<Record<'kills' | 'stops' | 'failures' | 'deadLetters' | ServerName, number>>
  readonly failpoints: Readonly<Record<'hit' | 'all' | 'neverReached', readonly string[]>>
  /** Events that a handler was given again: after its run was cut off, and after it failed. */
  readonly again: { readonly redelivered: number; readonly retried: number }
}

/** The lists of what is wrong, and of nothing else. */
export const WRONGS = ['lost', 'doubled', 'reordered', 'wrongViews', 'overlapping', 'crashed'] as const

/** Judges a history from what the client, the handlers and the event stores have seen. */
export function check(history: History): Verdict {
  const { witness, stores, run } = history
  const handlers = overlapsOf(witness)
  const passes = [
    { from: stores.first, to: stores.second, cause: 'first', stage: 'second' },
    { from: stores.second, to: stores.third, cause: 'second', stage: 'third' },
  ] as const
  const hit = new Set(witness.flatMap((line) => (line.what === 'failpoint' ? [line.name] : [])))
  const { neverReached } = run
  const failpoints = { all: run.failpoints, hit: run.failpoints.filter((name) => hit.has(name)), neverReached }
  const count = (what: string): number => witness.filter((line) => line.what === what).length
  const seen = {
    events: stores.first.length,
    views: history.views && STAGES.flatMap((stage) => history.views?.[stage] ?? []).length,
    faults: {
      kills: witness.filter((line) => line.what === 'died' && line.killed).length,
      stops: count('stopped'),
      failures: count('fail'),
      server: count('server'),
      database: count('database'),
      deadLetters: witness.flatMap((line) => (line.what === 'redriven' ? line.origins : [])).length,
    },
    failpoints,
    again: { redelivered: handlers.redelivered, retried: handlers.retried },
  }
  return {
    lost: [...unanswered(history), ...passes.flatMap(({ from, to, stage }) => missing(from, to, stage))],
    doubled: [
      ...STAGES.flatMap((stage) => twice(stores[stage], stage)),
      ...uncalledFor(history),
      ...passes.flatMap(({ from, to, cause }) => missing(to, from, cause).map((what) => `${what}, and has an effect`)),
      ...handlers.ranAgain,
    ],
    reordered: [
      ...passes.flatMap(({ from, to, stage }) => overtaken(byTime(from), to, stage)),
      ...STAGES.flatMap((stage) => overtaken(byCommand(history), stores[stage], stage)),
    ],
    wrongViews: wrongViewsOf(history),
    overlapping: handlers.overlapping,
    crashed: crashedOf(witness),
    inconclusive: [
      ...whyInconclusive(seen),
      ...spared('server', run.serverFaults, history),
      ...spared('database', run.databaseFaults, history),
    ],
    ...seen,
  }
}

/** Processes that ended by themselves, but for those that the plan had a handler end. */
function crashedOf(witness: History['witness']): string[] {
  const planned = new Set(witness.flatMap((line) => (line.what === 'fatal' ? [line.pid] : [])))
  return witness.flatMap((line) =>
    line.what === 'died' && line.crashed && !planned.has(line.pid)
      ? [`${line.stage}: the process ${line.pid} ended by itself`]
      : []
  )
}

/** Whether the run shows what it is for. */
export function isGood(verdict: Verdict): boolean {
  return [...WRONGS, 'inconclusive' as const].every((kind) => verdict[kind].length === 0)
}

function whyInconclusive({ events, failpoints, again }: Pick<Verdict, 'events' | 'failpoints' | 'again'>): string[] {
  const missed = failpoints.all.filter((name) => !failpoints.hit.includes(name))
  return [
    ...(events === 0 ? ['no event was stored'] : []),
    ...(again.redelivered === 0 ? ['no event was delivered again'] : []),
    ...(again.retried === 0 ? ['no event was tried again'] : []),
    ...(missed.length > 0 ? [`nothing died at ${missed.join(', ')}`] : []),
  ]
}

/** What had to happen to a server and did not. */
function spared(name: ServerName, faults: readonly string[] | undefined, { witness }: History): string[] {
  if (!faults) return []
  const seen = new Set<string>(witness.flatMap((line) => (line.what === name ? [line.fault] : [])))
  const missed = faults.filter((fault) => !seen.has(fault))
  return [
    ...(seen.size === 0 ? [`nothing happened to the ${name}`] : []),
    ...(missed.length > 0 ? [`the ${name} did not see ${missed.join(', ')}`] : []),
  ]
}

/** What the client was told is stored, and is not. */
function unanswered({ journal, stores }: History): string[] {
  const stored = new Set(stores.first.map(({ origin }) => origin))
  const promised = journal.flatMap((line) => (line.what === 'answer' && line.ok ? line.origins : []))
  return promised.filter((origin) => !stored.has(origin)).map((origin) => `${origin}: answered, not stored by first`)
}

/** What is stored and nobody asked for. */
function uncalledFor({ journal, stores }: History): string[] {
  const asked = new Set(journal.flatMap((line) => (line.what === 'intent' ? line.origins : [])))
  return stores.first.filter(({ origin }) => !asked.has(origin)).map(({ origin }) => `${origin}: never asked of first`)
}

function missing(from: readonly StoredStep[], to: readonly StoredStep[], stage: string): string[] {
  const arrived = new Set(to.map(({ origin }) => origin))
  return from.filter(({ origin }) => !arrived.has(origin)).map(({ origin }) => `${origin}: not stored by ${stage}`)
}

function twice(store: readonly StoredStep[], stage: string): string[] {
  const seen = new Set<string>()
  return store.flatMap(({ origin }) => {
    if (seen.has(origin)) return [`${origin}: stored again by ${stage}`]
    seen.add(origin)
    return []
  })
}

/** What a service stored, as something to be in order with: by key, at times. */
function byTime(store: readonly StoredStep[]): Map<string, Place> {
  return new Map(store.map(({ key, origin, at }) => [origin, { lane: key, rank: at }]))
}

/** The same for what one command registered, which has an order within a millisecond too. */
function byCommand({ journal }: History): Map<string, Place> {
  const intents = journal.flatMap((line) => (line.what === 'intent' ? [line.origins] : []))
  return new Map(
    intents.flatMap((origins) => origins.map((origin, rank): [string, Place] => [origin, { lane: origins[0], rank }]))
  )
}

interface Place {
  readonly lane: string
  readonly rank: number
}

/** What comes, within its lane, behind something that it precedes. Copies are another matter. */
function overtaken(places: ReadonlyMap<string, Place>, store: readonly StoredStep[], stage: string): string[] {
  const furthest = new Map<string, number>()
  const seen = new Set<string>()
  return store.flatMap(({ origin }) => {
    const place = places.get(origin)
    if (!place || seen.has(origin)) return []
    seen.add(origin)
    const last = furthest.get(place.lane) ?? place.rank
    furthest.set(place.lane, Math.max(last, place.rank))
    return place.rank < last ? [`${origin}: out of order in ${stage}`] : []
  })
}
