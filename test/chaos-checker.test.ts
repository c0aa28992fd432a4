import { expect } from 'chai'
import { WRONGS, check, isGood } from '../chaos/check'
import type { Verdict } from '../chaos/check'
import type { JournalLine, RunFacts, StoredStep, WitnessLine } from '../chaos/history'
import { STAGES } from '../chaos/stages'
import type { Stage } from '../chaos/stages'

const KEYS = ['red', 'blue']
const PER_KEY = 5
const FAILPOINT = 'publish.after-send'
const OLD_PID = 1
const NEW_PID = 2
const DATABASE_BACK = 1_000_000

type Kind = Exclude<(typeof WRONGS)[number], 'wrongViews'> | 'inconclusive'

/** A history, all of which may be changed before it is judged. */
interface Draft {
  run: Omit<RunFacts, 'failpoints'> & { failpoints: string[] }
  journal: JournalLine[]
  witness: WitnessLine[]
  stores: Record<Stage, StoredStep[]>
}

/** A change to a good history, and what must be seen of it. */
interface Fault {
  readonly title: string
  readonly shows: Kind
  readonly says: RegExp
  readonly plant: (history: Draft) => void
}

const FAULTS: readonly Fault[] = [
  {
    title: 'an event that was answered and is not stored',
    shows: 'lost',
    says: /red-2: answered, not stored by first/,
    plant: ({ stores }) => STAGES.forEach((stage) => remove(stores[stage], 'red-2')),
  },
  {
    title: 'an event that the second service never stored',
    shows: 'lost',
    says: /red-2: not stored by second/,
    plant: ({ stores }) => ['second', 'third'].forEach((stage) => remove(stores[stage as Stage], 'red-2')),
  },
  {
    title: 'an event that the third service never stored',
    shows: 'lost',
    says: /blue-4: not stored by third/,
    plant: ({ stores }) => remove(stores.third, 'blue-4'),
  },
  ...STAGES.map((stage): Fault => ({
    title: `an event that the ${stage} service stored twice`,
    shows: 'doubled',
    says: new RegExp(`blue-0: stored again by ${stage}`),
    plant: ({ stores }) => stores[stage].push(find(stores[stage], 'blue-0')),
  })),
  {
    title: 'an event that nobody asked for',
    shows: 'doubled',
    says: /red-3: never asked of first/,
    plant: ({ journal }) => {
      journal.splice(0, journal.length, ...journal.filter(({ origins }) => !origins.includes('red-3')))
    },
  },
  {
    title: 'an effect of nothing',
    shows: 'doubled',
    says: /ghost: not stored by second, and has an effect/,
    plant: ({ stores }) => stores.third.push({ key: 'red', origin: 'ghost', at: 0 }),
  },
  {
    title: 'a handler that ran again though nothing had died',
    shows: 'doubled',
    says: /red-4: run again by second/,
    plant: ({ witness }) => witness.push(...handled('second', NEW_PID, 'red', 'red-4')),
  },
  {
    title: 'a handler that ran again long after the database was itself again',
    shows: 'doubled',
    says: /red-4: run again by second/,
    plant: ({ witness }) => {
      const at = DATABASE_BACK + 60_000
      witness.push(...handled('second', OLD_PID, 'red', 'red-4', at), ...handled('second', OLD_PID, 'red', 'red-4', at))
    },
  },
  {
    title: 'a process that ended though nobody had told it to',
    shows: 'crashed',
    says: /third: the process 3 ended by itself/,
    plant: ({ witness }) => witness.push({ what: 'died', stage: 'third', pid: 3, killed: false, crashed: true }),
  },
  {
    title: 'an effect that overtook one of its key',
    shows: 'reordered',
    says: /red-1: out of order in third/,
    plant: ({ stores }) => swap(stores.third, 'red-1', 'red-2'),
  },
  {
    title: 'an effect that overtook one of its key in the second service',
    shows: 'reordered',
    says: /blue-3: out of order in second/,
    plant: ({ stores }) => swap(stores.second, 'blue-3', 'blue-4'),
  },
  {
    title: 'two events of one command in the wrong order, within a millisecond',
    shows: 'reordered',
    says: /red-1: out of order in third/,
    plant: ({ stores, journal }) => {
      const line: JournalLine = { what: 'intent', key: 'red', origins: ['red-1', 'red-2'] }
      journal.splice(0, journal.length, line, ...journal.filter(({ origins }) => !line.origins.includes(origins[0])))
      const { at } = find(stores.second, 'red-1')
      stores.second = stores.second.map((step) => (step.origin === 'red-2' ? { ...step, at } : step))
      swap(stores.third, 'red-1', 'red-2')
    },
  },
  {
    title: 'two handlers of one key at once',
    shows: 'overlapping',
    says: /red-1: began in second while red-0 of red was running/,
    plant: ({ witness }) => {
      const end = witness.findIndex((line) => line.what === 'end' && line.origin === 'red-0' && line.stage === 'second')
      witness.push(...witness.splice(end, 1))
    },
  },
  {
    title: 'a run in which nothing was delivered again',
    shows: 'inconclusive',
    says: /no event was delivered again/,
    plant: ({ witness }) => remove(witness, (line) => line.what === 'start' && line.pid === OLD_PID),
  },
  {
    title: 'a run in which nothing was tried again',
    shows: 'inconclusive',
    says: /no event was tried again/,
    plant: ({ witness }) => {
      const fail = witness.findIndex((line) => line.what === 'fail')
      witness.splice(fail - 1, 2)
    },
  },
  {
    title: 'a run in which nothing died at a failpoint',
    shows: 'inconclusive',
    says: /nothing died at receive.before-run/,
    plant: ({ run }) => run.failpoints.push('receive.before-run'),
  },
  {
    title: 'a run in which nothing happened to the server',
    shows: 'inconclusive',
    says: /nothing happened to the server/,
    plant: ({ witness }) => remove(witness, (line) => line.what === 'server'),
  },
  {
    title: 'a run in which the connections to the server were not cut',
    shows: 'inconclusive',
    says: /the server did not see cut/,
    plant: ({ witness }) => remove(witness, (line) => line.what === 'server' && line.fault === 'cut'),
  },
  {
    title: 'a run in which nothing happened to the database',
    shows: 'inconclusive',
    says: /nothing happened to the database/,
    plant: ({ witness }) => remove(witness, (line) => line.what === 'database'),
  },
  {
    title: 'a run without events',
    shows: 'inconclusive',
    says: /no event was stored/,
    plant: (history) => {
      history.journal = []
      history.stores = { first: [], second: [], third: [] }
    },
  },
]

describe("chaos's checker", () => {
  it('finds nothing in a good history', () => {
    const verdict = check(good())
    expect(isGood(verdict), JSON.stringify(verdict)).to.equal(true)
    expect(verdict.again).to.deep.equal({ redelivered: 1, retried: 1 })
  })

  it('takes an unknown answer as zero or one', () => {
    const history = good()
    remove(history.journal, (line) => line.what === 'answer' && line.origins.includes('red-4'))
    expect(isGood(check(history))).to.equal(true)
    for (const stage of STAGES) remove(history.stores[stage], 'red-4')
    expect(isGood(check(history))).to.equal(true)
  })

  it('takes events of one millisecond in either order', () => {
    const history = good()
    const { at } = find(history.stores.first, 'red-1')
    history.stores.first = history.stores.first.map((step) => (step.origin === 'red-2' ? { ...step, at } : step))
    swap(history.stores.second, 'red-1', 'red-2')
    history.stores.second.forEach((step, index) => (history.stores.second[index] = { ...step, at: index }))
    swap(history.stores.third, 'red-1', 'red-2')
    expect(check(history).reordered).to.deep.equal([])
  })

  it('lets another process take over what a stopped one was running', () => {
    const history = good()
    const taken = handled('second', OLD_PID, 'red', 'red-x')
    history.witness.unshift(
      taken[0],
      { what: 'stopped', stage: 'second', pid: OLD_PID },
      ...handled('second', NEW_PID, 'red', 'red-x'),
      { what: 'continued', stage: 'second', pid: OLD_PID },
      taken[1]
    )
    expect(check(history).overlapping).to.deep.equal([])
    remove(history.witness, (line) => line.what === 'stopped')
    expect(check(history).overlapping).to.have.length(1)
  })

  it('lets a handler run again where the database was away when its outcome was to be written', () => {
    const history = good()
    const at = DATABASE_BACK - 500
    const again = handled('second', NEW_PID, 'red', 'red-4', at)
    history.witness.push(...again, ...again)
    expect(check(history).doubled).to.have.length(1)
    remove(history.witness, (line) => line.what === 'end' && line.origin === 'red-4' && line.at === undefined)
    expect(check(history).doubled).to.deep.equal([])
  })

  for (const { title, shows, says, plant } of FAULTS) {
    it(`sees ${title}`, () => {
      const history = good()
      plant(history)
      const verdict = check(history)
      expect(isGood(verdict)).to.equal(false)
      expect(verdict[shows].join('\n')).to.match(says)
      expect(others(verdict, shows)).to.deep.equal([])
    })
  }
})

/** What else is wrong, inconclusive apart: a fault shows as what it is. */
function others(verdict: Verdict, shows: Kind): string[] {
  const kinds = WRONGS.filter((kind) => kind !== shows)
  return kinds.flatMap((kind) => verdict[kind])
}

/** A history in which all went well, with one kill, one redelivery and one retry. */
function good(): Draft {
  const all = KEYS.flatMap((key) => Array.from({ length: PER_KEY }, (_, n) => ({ key, origin: `${key}-${n}` })))
  const steps = all.map((step, at): StoredStep => ({ ...step, at }))
  return {
    run: {
      seed: 1,
      streamer: 'kafka',
      failpoints: [FAILPOINT],
      neverReached: [],
      serverFaults: ['kill', 'cut'],
      databaseFaults: ['kill'],
    },
    journal: all.flatMap(({ key, origin }): JournalLine[] => [
      { what: 'intent', key, origins: [origin] },
      { what: 'answer', origins: [origin], ok: true },
    ]),
    witness: [
      { what: 'start', stage: 'second', pid: OLD_PID, key: 'red', origin: 'red-0' },
      { what: 'failpoint', stage: 'second', pid: OLD_PID, name: FAILPOINT },
      { what: 'died', stage: 'second', pid: OLD_PID, killed: true },
      { what: 'start', stage: 'second', pid: NEW_PID, key: 'blue', origin: 'blue-0' },
      { what: 'fail', stage: 'second', pid: NEW_PID, key: 'blue', origin: 'blue-0' },
      { what: 'server', fault: 'kill', from: 0, to: 0 },
      { what: 'server', fault: 'cut', from: 0, to: 0 },
      { what: 'database', fault: 'kill', from: DATABASE_BACK - 1_000, to: DATABASE_BACK },
      ...all.flatMap(({ key, origin }) => handled('second', NEW_PID, key, origin)),
      ...all.flatMap(({ key, origin }) => handled('third', NEW_PID, key, origin)),
    ],
    stores: { first: [...steps], second: [...steps], third: [...steps] },
  }
}

function handled(stage: Stage, pid: number, key: string, origin: string, at?: number): WitnessLine[] {
  const line = { stage, pid, key, origin, at }
  return [
    { what: 'start', ...line },
    { what: 'end', ...line },
  ]
}

function find(store: readonly StoredStep[], origin: string): StoredStep {
  const step = store.find((one) => one.origin === origin)
  if (!step) throw new Error(`${origin} is not in the store.`)
  return step
}

function swap(store: StoredStep[], one: string, other: string): void {
  const at = [one, other].map((origin) => store.indexOf(find(store, origin)))
  ;[store[at[0]], store[at[1]]] = [store[at[1]], store[at[0]]]
}

function remove<T>(list: T[], what: string | ((one: T) => boolean)): void {
  const isIt = typeof what === 'string' ? (one: T) => (one as { origin?: string }).origin === what : what
  list.splice(0, list.length, ...list.filter((one) => !isIt(one)))
}
