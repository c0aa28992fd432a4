import { check } from './check'
import type { Verdict } from './check'
import { runChaos } from './run'
import { scheduleOf } from './schedule'

/** A guarantee, broken. */
export interface Mutant {
  /** As in service/mutants.cjs. */
  readonly name: string
  /** The guarantee that it breaks, by its number in docs. */
  readonly guarantee: number
  /** What the checker must see. */
  readonly shows: 'lost' | 'doubled' | 'reordered'
  /** Where services must die for it to show; absent: it shows without. */
  readonly dieAt?: readonly string[]
  /** What has to come about for it to show: an event that ends its process, or a stream that is made anew. */
  readonly needs?: 'lethal' | 'afterAnew'
}

/** One at least for each guarantee that a run under faults can show. */
export const MUTANTS: readonly Mutant[] = [
  { name: 'relay-drops', guarantee: 1, shows: 'lost' },
  { name: 'relay-unmarks-before-it-sends', guarantee: 1, shows: 'lost', dieAt: ['publish.before-send'] },
  { name: 'marks-after-the-store', guarantee: 1, shows: 'lost', dieAt: ['publish.after-store'] },
  { name: 'ids-anew-at-each-publish', guarantee: 2, shows: 'doubled', dieAt: ['publish.after-send'] },
  { name: 'relay-reorders', guarantee: 3, shows: 'reordered' },
  { name: 'acknowledges-before-it-handles', guarantee: 5, shows: 'lost', dieAt: ['receive.after-run'] },
  { name: 'settles-before-it-has-parked', guarantee: 5, shows: 'lost', dieAt: ['receive.before-park'] },
  { name: 'position-without-its-stream', guarantee: 5, shows: 'lost', needs: 'afterAnew' },
  { name: 'inbox-forgets', guarantee: 6, shows: 'doubled', dieAt: ['receive.before-position', 'receive.after-finish'] },
  { name: 'outcome-is-not-written', guarantee: 6, shows: 'doubled', dieAt: ['receive.after-store'] },
  { name: 'outcome-is-stored-again', guarantee: 6, shows: 'doubled', dieAt: ['receive.after-store'] },
  { name: 'attempts-share-the-event', guarantee: 6, shows: 'lost' },
  { name: 'keys-have-no-order', guarantee: 7, shows: 'reordered' },
  { name: 'followers-are-not-parked', guarantee: 7, shows: 'reordered' },
  { name: 'park-is-lost', guarantee: 8, shows: 'lost' },
  { name: 'dead-letter-is-lost', guarantee: 8, shows: 'lost' },
  { name: 'starts-are-forgotten', guarantee: 8, shows: 'lost', needs: 'lethal' },
  { name: 'dead-letter-holds-nothing', guarantee: 8, shows: 'reordered' },
]

const EVENTS = 120
const KILLS = 5
const STALL_MS = 6_000

/** What the checker makes of a short run with a mutant. */
export async function runMutant({ name, dieAt, needs }: Mutant, say: (line: string) => void): Promise<Verdict> {
  const { lethal, afterAnew, ...planned } = scheduleOf({
    seed: 1,
    events: EVENTS,
    kills: dieAt ? KILLS : 0,
    failpoints: dieAt ?? [],
    onlyFailpoints: true,
    keys: 8,
  })
  const schedule = {
    ...planned,
    lethal: needs === 'lethal' ? lethal : [],
    afterAnew: needs === 'afterAnew' ? afterAnew : [],
  }
  return check(await runChaos(schedule, { mutant: name, say, stallMs: STALL_MS }))
}

/** The mutant of a name; throws with the names that there are. */
export function mutantNamed(name: string): Mutant {
  const mutant = MUTANTS.find((one) => one.name === name)
  if (mutant) return mutant
  throw new Error(`No mutant is called '${name}'. There are ${MUTANTS.map((one) => one.name).join(', ')}.`)
}
