import { StreamerError, onFailpoint } from '@boostercloud/streamer-connector'
import { expect } from 'chai'
import type { StateStore, Timer, TimersPage } from '../../src/state'
import { Firing } from '../../src/timers'
import type { TimerEffects, TimerOutcome } from '../../src/timers'
import { mark } from '../support/records'
import type { OpenState } from './open-state'

const quiet = (): void => undefined
const log = { debug: quiet, info: quiet, warn: quiet, error: quiet }
const never = new AbortController().signal
const PAST = Date.UTC(2026, 0, 31)

/** What a process ends with where a test has it die. */
class Died extends Error {}

const timer = (n: number, own: Partial<Timer> = {}): Timer => ({
  handler: 'app',
  name: `t${n}`,
  id: `i${n}`,
  dueAt: PAST + n,
  setAt: PAST,
  content: Buffer.from(String(n)),
  ...own,
})

/** Stores what fires in a list, which is apart from the state, and knows nothing of what is in it unless it is to look. */
class Listing implements TimerEffects {
  public readonly handler = 'app'
  public readonly stored: number[] = []
  public readonly failing = new Set<number>()

  public async outcomeOf(timers: readonly Timer[], again: boolean): Promise<TimerOutcome> {
    const all = timers.map(({ content }) => Number(Buffer.from(content).toString()))
    const numbers = again ? all.filter((n) => !this.stored.includes(n)) : all
    return {
      marks: numbers.map((n) => ({ do: 'mark-pending', mark: mark({ id: `e${n}` }) })),
      store: async () => {
        for (const n of numbers) {
          if (this.failing.has(n)) throw new Error(`It fails on ${n}.`)
          this.stored.push(n)
        }
      },
    }
  }
}

/** Of firing what is due, by processes that share the state or die. */
export function testFiring(on: OpenState): void {
  let effects: Listing
  const process = (owner: string, sole = false): Firing =>
    new Firing({ state: on.state, effects: [effects], owner, sole, log })
  const set = (...timers: readonly Timer[]): Promise<void> =>
    on.state.commit(timers.map((one) => ({ do: 'set-timer', timer: one })))
  const left = async (): Promise<string[]> => (await on.state.dueTimers({ limit: 100 })).map(({ name }) => name)

  describe('firing', () => {
    beforeEach(() => (effects = new Listing()))
    afterEach(() => onFailpoint(undefined))

    it('stores what is due in the order of its times, once, and leaves what is not due, and what is of others', async () => {
      await set(timer(2), timer(1), timer(3, { dueAt: Date.now() + 3_600_000 }), timer(4, { handler: 'Gone' }))
      await process('a').fireDue(never)
      expect(effects.stored).to.deep.equal([1, 2])
      expect(await left()).to.deep.equal(['t4', 't3'])
      await process('b').fireDue(never)
      expect(effects.stored).to.deep.equal([1, 2])
      expect((await on.state.pendingMarks('main/posts', { limit: 9 })).map(({ id }) => id)).to.deep.equal(['e1', 'e2'])
    })

    it('fires more than it takes at once, where all are due at the same time, without reading behind what has fired', async () => {
      const numbers = Array.from({ length: on.state.largestBatch === undefined ? 110 : 30 }, (_, n) => n)
      await set(...numbers.map((n) => timer(n, { dueAt: PAST, name: `t${1_000 + n}` })))
      const { state } = on
      const behind: unknown[] = []
      const watched = Object.create(state, {
        dueTimers: { value: (page: TimersPage) => (behind.push(page.after), state.dueTimers(page)) },
      }) as StateStore
      await new Firing({ state: watched, effects: [effects], owner: 'a', sole: false, log }).fireDue(never)
      expect([...effects.stored].sort((one, other) => one - other)).to.deep.equal(numbers)
      expect(await left()).to.deep.equal([])
      expect(behind.every((after) => after === undefined)).to.equal(true)
      expect(behind.length).to.be.greaterThan(1)
    })

    it('fires each by one of the processes that share the state', async () => {
      const numbers = Array.from({ length: 60 }, (_, n) => n)
      await set(...numbers.map((n) => timer(n)))
      await Promise.all(['a', 'b', 'c'].map((owner) => process(owner).fireDue(never)))
      expect([...effects.stored].sort((one, other) => one - other)).to.deep.equal(numbers)
      await process('d').fireDue(never)
      expect(await left()).to.deep.equal([])
    })

    for (const [where, isStored] of [
      ['timers.after-claim', false],
      ['timers.after-mark', false],
      ['timers.after-store', true],
      ['timers.after-finish', true],
    ] as const) {
      it(`stores once what a process was at that died at ${where}`, async () => {
        await set(timer(1), timer(2))
        onFailpoint((name) => {
          if (name === where) throw new Died()
        })
        const dying = new Firing({ state: on.state, effects: [effects], owner: 'dead', sole: false, log })
        await dieIn(dying)
        onFailpoint(undefined)
        expect(effects.stored).to.deep.equal(isStored ? [1, 2] : [])
        await process('another').fireDue(never)
        expect(effects.stored, 'while its claim may be that of a living one').to.deep.equal(isStored ? [1, 2] : [])
        await on.reopen()
        await process('the next one', true).fireDue(never)
        expect(effects.stored).to.deep.equal([1, 2])
        expect(await left()).to.deep.equal([])
      })
    }

    it('lets others go on where one fails, and fires that one when it no longer does', async () => {
      effects.failing.add(2)
      await set(timer(1), timer(2), timer(3))
      const firing = process('a')
      await firing.fireDue(never)
      expect(effects.stored).to.deep.equal([1, 3])
      expect(await left()).to.deep.equal(['t2'])
      effects.failing.clear()
      await firing.fireDue(never)
      expect(effects.stored).to.deep.equal([1, 3, 2])
      expect(await left()).to.deep.equal([])
    })

    it('stores once what was stored when the state failed', async () => {
      await set(timer(1), timer(2))
      let fails = true
      onFailpoint((name) => {
        if (name === 'timers.after-store' && fails) throw new StreamerError('STORAGE_UNAVAILABLE', 'It is away.')
      })
      const firing = process('a')
      const failed: unknown = await firing.fireDue(never).catch((error: unknown) => error)
      expect(failed).to.have.property('code', 'STORAGE_UNAVAILABLE')
      fails = false
      await firing.fireDue(never)
      expect(effects.stored).to.deep.equal([1, 2])
      expect(await left()).to.deep.equal([])
    })

    it('stores once what was stored when the claim of another one was lost', async () => {
      await set(timer(1), timer(2))
      const claim = (one: Timer, now: number): Promise<unknown> =>
        on.state.claim([{ handler: 'app', source: 'timer', id: one.id, address: 'timer', fromPark: true }], {
          owner: 'another',
          now,
          claimMs: 30_000,
        })
      onFailpoint(async (name) => {
        if (name === 'timers.after-store') await claim(timer(1), Date.now() + 40_000)
      })
      const firing = process('a')
      await firing.fireDue(never)
      expect(await left()).to.deep.equal(['t1', 't2'])
      onFailpoint(undefined)
      await firing.fireDue(never)
      expect(effects.stored).to.deep.equal([1, 2])
      expect(await left()).to.deep.equal(['t1'])
    })

    it('keeps the order of a key where one fails, and where another process has one', async () => {
      effects.failing.add(1)
      const all = [timer(1, { key: 'k' }), timer(2, { key: 'k' }), timer(3, { key: 'other' })]
      await set(...all)
      const firing = process('a')
      await firing.fireDue(never)
      expect(effects.stored).to.deep.equal([3])
      await process('b').fireDue(never)
      expect(effects.stored, 'while another process has them').to.deep.equal([3])
      effects.failing.clear()
      await firing.fireDue(never)
      expect(effects.stored).to.deep.equal([3, 1, 2])
      await set(timer(4, { key: 'k' }), timer(5, { key: 'k' }))
      onFailpoint(async (name) => {
        if (name !== 'timers.after-claim') return
        onFailpoint(undefined)
        await set(timer(6, { key: 'k' }), timer(7))
        await process('b').fireDue(never)
      })
      await firing.fireDue(never)
      expect(effects.stored).to.deep.equal([3, 1, 2, 7, 4, 5])
      await process('b').fireDue(never)
      expect(effects.stored).to.deep.equal([3, 1, 2, 7, 4, 5, 6])
    })

    it('does not fire again what was moved while it fired, but at its new time', async () => {
      await set(timer(1))
      onFailpoint(async (name) => {
        if (name === 'timers.after-claim') await set(timer(1, { id: 'moved', dueAt: Date.now() + 3_600_000 }))
      })
      await process('a').fireDue(never)
      expect(effects.stored).to.deep.equal([1])
      expect(await left()).to.deep.equal(['t1'])
      await process('a').fireDue(never)
      expect(effects.stored).to.deep.equal([1])
    })
  })
}

/** What a process does that dies: nothing more. */
async function dieIn(firing: Firing): Promise<void> {
  const fire = (firing as unknown as { fire: Firing['fireDue'] }).fire.bind(firing)
  // It does not live to try again one by one.
  Object.assign(firing, {
    fireAll: (...given: Parameters<typeof fire>) => fire(...given),
  })
  await firing.fireDue(never).catch((error: unknown) => {
    if (!(error instanceof Died)) throw error
  })
}
