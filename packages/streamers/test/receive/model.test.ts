import { join } from 'node:path'
import { expect } from 'chai'
import fc from 'fast-check'
import { InFlight, Receiver, RunGate } from '../../src/receive'
import { openEmbeddedState } from '../../src/state'
import type { StateStore } from '../../src/state'
import { eventually } from '../support/eventually'
import { TestEffects } from '../support/receiving'
import type { Note } from '../support/receiving'
import { ScriptedLog, idOf } from '../support/scripted-log'
import { inTempFolder } from '../support/temp-folder'

/** One event of a history: how often its handler fails before it does not, and how long a run takes. */
interface Scripted {
  readonly key: string | undefined
  readonly failures: number
  readonly slow: boolean
  /** Whether the log has it a second time, at its end. */
  readonly twice: boolean
}

/** What is done to the service once so many events have taken effect. */
interface Fault {
  readonly after: number
  readonly how: 'stop' | 'crash' | 'refresh'
}

interface History {
  readonly events: readonly Scripted[]
  readonly faults: readonly Fault[]
  readonly batch: number
  readonly concurrency: number
  /** Events that may be unsettled: with few, none waits in memory behind a parked one. */
  readonly room: number
  /** Handler runs until an event is given up. */
  readonly attempts: number
}

/** More failures than this many runs make a dead letter. */
const NEVER = 1_000

const scripted = (failures: fc.Arbitrary<number>): fc.Arbitrary<Scripted> =>
  fc.record({
    key: fc.constantFrom('a', 'a', 'b', 'c', undefined),
    failures,
    slow: fc.boolean(),
    twice: fc.boolean(),
  })

const history = (failures: fc.Arbitrary<number>, attempts: number): fc.Arbitrary<History> =>
  fc.record({
    events: fc.array(scripted(failures), { minLength: 1, maxLength: 25 }),
    faults: fc.array(
      fc.record({ after: fc.nat(25), how: fc.constantFrom<Fault['how']>('stop', 'crash', 'crash', 'refresh') }),
      { maxLength: 4 }
    ),
    batch: fc.integer({ min: 1, max: 8 }),
    concurrency: fc.integer({ min: 1, max: 4 }),
    room: fc.constantFrom(1, 6, 100),
    attempts: fc.constant(attempts),
  })

/** A service that goes through a history: one state and one event store, and one run after the other. */
class Model {
  public readonly effects: TestEffects
  private readonly log: ScriptedLog
  private readonly failed = new Map<string, number>()
  private readonly ended: Promise<void>[] = []
  /** `crash`: from now on nothing becomes durable; what was being written is, before another process begins. */
  private running?: { receiver: Receiver; crash(): Promise<void> }
  /** Whether what never succeeds now does. */
  private healed = false

  public constructor(
    private readonly history: History,
    public readonly state: StateStore
  ) {
    const notes = history.events.map(({ key }, n): Note => ({ key, n }))
    const again = notes.filter(({ n }) => history.events[n].twice)
    this.log = new ScriptedLog([...notes, ...again], history.batch)
    this.effects = new TestEffects((note) => this.handle(note))
  }

  /** Ids of what took effect, in order; of one key. */
  public finished(key: string | undefined): string[] {
    const ids = this.effects.stored.map(({ text }) => text)
    return ids.filter((id) => id.startsWith(`${key}-`))
  }

  public published(key: string | undefined): string[] {
    return this.history.events.flatMap((event, n) => (event.key === key ? [idOf({ key, n })] : []))
  }

  public async start(): Promise<void> {
    let isDead = false
    const mortal = <T>(work: () => Promise<T>): Promise<T> =>
      isDead ? Promise.reject(new Error('the process is dead')) : work()
    const writing = new Set<Promise<unknown>>()
    const written = <T>(work: () => Promise<T>): Promise<T> => {
      const write = mortal(work)
      const done = write.then(quiet, quiet).finally(() => writing.delete(done))
      writing.add(done)
      return write
    }
    const { state, effects } = this
    const receiver = new Receiver({
      address: 'log/notes',
      connector: this.log,
      capabilities: this.log.capabilities,
      links: [
        {
          address: 'log/notes',
          handler: 'Handler',
          retry: { attempts: this.history.attempts, firstDelayMs: 1, factor: 2, maxDelayMs: 4, jitter: 0.5 },
          afterDeadLetter: 'hold',
          holdLimit: 1_000,
          newerVersionLimitMs: 3_600_000,
          maxStarts: 5,
        },
      ],
      state: Object.create(state, {
        commit: { value: (changes: never) => written(() => state.commit(changes)) },
        claim: { value: (requests: never, claim: never) => written(() => state.claim(requests, claim)) },
      }) as StateStore,
      effects: {
        run: (link, event) => mortal(() => effects.run(link, event)).then((outcome) => outcome && mortalStore(outcome)),
        resume: (packed) => mortal(() => effects.resume(packed)).then(mortalStore),
      },
      log: QUIET,
      observe: { handled: quiet, parked: quiet, died: quiet, ignored: quiet, refused: quiet, received: quiet },
      inFlight: new InFlight(),
      gate: new RunGate(),
      owner: 'model',
      claimMs: 60_000,
      concurrency: this.history.concurrency,
      maxUnsettled: this.history.room,
    })
    function mortalStore<T extends { store(): Promise<void> }>(outcome: T): T {
      return { ...outcome, store: () => mortal(() => outcome.store()) }
    }
    await receiver.start()
    const crash = async (): Promise<void> => {
      isDead = true
      await Promise.all(writing)
    }
    this.running = { receiver, crash }
  }

  /** Goes through the faults of the history, then until everything has taken effect that can. */
  public async live(expected: number): Promise<void> {
    await this.start()
    for (const { after, how } of [...this.history.faults].sort((a, b) => a.after - b.after)) {
      await this.hasFinished(Math.min(after, expected))
      if (how === 'refresh') await this.running?.receiver.refresh()
      else await this.restart(how)
    }
    await this.hasFinished(expected)
  }

  /** Heals what never succeeds, and redrives what was given up until nothing is left. */
  public async redrive(expected: number): Promise<void> {
    this.healed = true
    await eventually(
      async () => {
        const letters = await this.state.deadLetters(100)
        await this.state.commit(
          letters.map(({ place }) => ({ do: 'redrive' as const, place: place as number, at: Date.now() }))
        )
        await this.running?.receiver.refresh()
        return this.effects.stored.length >= expected
      },
      () => this.effects.stored
    )
  }

  /** Waits until everything is settled, and as much is parked as that asks for. */
  public async atRest(isParked: (count: number) => boolean): Promise<void> {
    const counts = async () => ({ ...(await this.state.counts()), unsettled: this.running?.receiver.unsettled })
    await eventually(async () => {
      const { parked, unsettled } = await counts()
      return isParked(parked) && unsettled === 0
    }, counts)
  }

  public async stop(): Promise<void> {
    if (this.running) this.ended.push(this.running.receiver.stop())
    await Promise.all(this.ended)
  }

  /** A dead process can keep no last word, and nobody hears that it could not. */
  private async restart(how: 'stop' | 'crash'): Promise<void> {
    const { receiver, crash } = this.running as NonNullable<typeof this.running>
    if (how === 'crash') {
      const crashed = crash()
      this.ended.push(receiver.stop().catch(() => undefined))
      await crashed
    } else {
      await receiver.stop()
    }
    await this.start()
  }

  private async hasFinished(count: number): Promise<void> {
    await eventually(
      () => this.effects.stored.length >= count,
      () => ({ count, stored: this.effects.stored })
    )
  }

  private async handle(note: Note): Promise<string[]> {
    const { failures, slow } = this.history.events[note.n]
    await new Promise((resolve) => (slow ? setTimeout(resolve, 2) : setImmediate(resolve)))
    const before = this.failed.get(idOf(note)) ?? 0
    this.failed.set(idOf(note), before + 1)
    if (before < failures && !(this.healed && failures === NEVER)) throw new Error('scripted')
    return [idOf(note)]
  }
}

const quiet = (): void => undefined
const QUIET = { debug: quiet, info: quiet, warn: quiet, error: quiet }
const KEYS = ['a', 'b', 'c'] as const

async function through(history: History, check: (model: Model) => Promise<void>): Promise<void> {
  await inTempFolder(async (folder) => {
    const state = await openEmbeddedState(join(folder, 'state'))
    const model = new Model(history, state)
    try {
      await check(model)
    } finally {
      await model.stop()
      await state.close()
    }
  })
}

function expectExact(model: Model): void {
  for (const key of KEYS) expect(model.finished(key)).to.deep.equal(model.published(key))
  expect(model.finished(undefined).sort()).to.deep.equal(model.published(undefined).sort())
}

describe('receiver, against a model', function () {
  this.timeout(60_000)

  /** Bounded by time too, because the machine may be busy. */
  const bounds = { numRuns: 100, interruptAfterTimeLimit: 8_000 }

  it('finishes each event once, those of a key in order, through failures, restarts and crashes', () =>
    fc.assert(
      fc.asyncProperty(history(fc.constantFrom(0, 0, 0, 1, 2), NEVER), (scripted) =>
        through(scripted, async (model) => {
          await model.live(scripted.events.length)
          await model.atRest((parked) => parked === 0)
          expectExact(model)
          expect((await model.state.counts()).deadLetters).to.equal(0)
        })
      ),
      bounds
    ))

  it('holds the key behind what never succeeds, and finishes all in order when that is redriven', () =>
    fc.assert(
      fc.asyncProperty(history(fc.constantFrom(0, 0, 0, 1, NEVER), 4), (scripted) =>
        through(scripted, async (model) => {
          const reachable = scripted.events.filter((event, n) => isReachable(scripted.events, event, n)).length
          const poisoned = scripted.events.filter(({ failures }) => failures === NEVER).length
          await model.live(reachable)
          const held = scripted.events.length - reachable
          const dead = await eventuallyDead(model, scripted.events)
          // What comes a second time waits too, although it is finished.
          await model.atRest((parked) => parked >= held - dead)
          expect(poisoned).to.be.at.least(dead)
          await model.redrive(scripted.events.length)
          await model.atRest((parked) => parked === 0)
          expectExact(model)
        })
      ),
      bounds
    ))
})

/** Whether nothing of its key that never succeeds stands before it, nor is it such. */
function isReachable(events: readonly Scripted[], { key, failures }: Scripted, n: number): boolean {
  if (failures === NEVER) return false
  return key === undefined || !events.some((other, i) => i < n && other.key === key && other.failures === NEVER)
}

/** Waits for a dead letter of each key that has one coming, and of each event without key; answers how many. */
async function eventuallyDead(model: Model, events: readonly Scripted[]): Promise<number> {
  const hopeless = events.filter(({ failures }) => failures === NEVER)
  const expected =
    new Set(hopeless.flatMap(({ key }) => key ?? [])).size + hopeless.filter(({ key }) => key === undefined).length
  await eventually(
    async () => (await model.state.counts()).deadLetters === expected,
    () => model.state.counts()
  )
  return expected
}
