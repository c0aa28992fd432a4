import { AsyncLocalStorage } from 'node:async_hooks'
import { expect } from 'chai'
import { TimerClock } from '../../src/timers'
import { eventually } from '../support/eventually'

const quiet = (): void => undefined
const log = { debug: quiet, info: quiet, warn: quiet, error: quiet }
const DAY_MS = 86_400_000

/** Timers as they are in the state, and when each has fired. */
class Waiting {
  public asked = 0
  public corrected = 0
  public readonly fired: { readonly dueAt: number; readonly at: number }[] = []
  private readonly due: number[] = []
  public readonly clock = new TimerClock({
    state: {
      nextTimerAt: async () => {
        this.asked += 1
        return this.due.length > 0 ? Math.min(...this.due) : undefined
      },
      correctTimers: async () => {
        this.corrected += 1
        return 0
      },
    },
    firing: {
      fireDue: async () => {
        const at = Date.now()
        for (const dueAt of this.due.filter((one) => one <= at)) this.fired.push({ dueAt, at })
        this.due.splice(0, Infinity, ...this.due.filter((one) => one > at))
      },
    },
    log,
  })

  public set(dueAt: number, isTold: boolean): void {
    this.due.push(dueAt)
    if (isTold) this.clock.told(dueAt)
  }
}

describe('the clock of timers', () => {
  let waiting: Waiting
  const { now } = Date
  beforeEach(() => (waiting = new Waiting()))
  afterEach(async () => {
    await waiting.clock.stop()
    Date.now = now
  })

  it('fires when it is time what this process has set, and within a second what others have', async () => {
    waiting.clock.start()
    await eventually(() => waiting.asked > 0)
    const dueAt = Date.now() + 120
    waiting.set(dueAt, true)
    await eventually(() => waiting.fired.length === 1)
    expect(waiting.fired[0].at - dueAt).to.be.within(0, 400)
    const others = Date.now() + 120
    waiting.set(others, false)
    await eventually(() => waiting.fired.length === 2)
    expect(waiting.fired[1].at - others).to.be.within(0, 1_900)
  })

  it('asks once a second for the next one while all wait', async () => {
    for (let n = 0; n < 1_000; n += 1) waiting.set(Date.now() + DAY_MS + n, n % 2 === 0)
    waiting.clock.start()
    const from = performance.now()
    await eventually(() => waiting.asked >= 3)
    expect(performance.now() - from).to.be.greaterThan(1_500)
    expect(waiting.corrected).to.equal(1)
    expect(waiting.fired).to.deep.equal([])
  })

  it('notices that the machine’s clock was set', async () => {
    waiting.set(Date.now() + DAY_MS, true)
    waiting.clock.start()
    await eventually(() => waiting.asked > 0)
    Date.now = () => now() + DAY_MS
    await eventually(() => waiting.fired.length === 1)
  })

  it('does not ask without a pause where the state fails when a timer is due', async () => {
    let asked = 0
    const clock = new TimerClock({
      state: {
        nextTimerAt: async () => {
          asked += 1
          if (asked > 1) throw new Error('It is away.')
          return Date.now() + 50
        },
        correctTimers: async () => 0,
      },
      firing: { fireDue: async () => undefined },
      log,
    })
    clock.start()
    const from = performance.now()
    await eventually(() => asked >= 4)
    await clock.stop()
    expect(performance.now() - from).to.be.greaterThan(900)
  })

  it('fires in no context of who has set a timer', async () => {
    const context = new AsyncLocalStorage<string>()
    const seen: unknown[] = []
    const clock = new TimerClock({
      state: { nextTimerAt: async () => (seen.push(context.getStore()), undefined), correctTimers: async () => 0 },
      firing: { fireDue: async () => undefined },
      log,
    })
    clock.start()
    await eventually(() => seen.length === 1)
    context.run('of a dispatch', () => clock.told(Date.now() + 20))
    await eventually(() => seen.length === 2)
    await clock.stop()
    expect(seen).to.deep.equal([undefined, undefined])
  })

  it('does not ask without a pause for what is due and does not fire', async () => {
    const clock = new TimerClock({
      state: { nextTimerAt: async () => ((waiting.asked += 1), 1), correctTimers: async () => 0 },
      firing: { fireDue: async () => undefined },
      log,
    })
    clock.start()
    const from = performance.now()
    await eventually(() => waiting.asked >= 6)
    await clock.stop()
    expect(performance.now() - from).to.be.greaterThan(1_500)
  })
})
