import { isStreamerError, metadataOf } from '@boostercloud/streamer-connector'
import { expect } from 'chai'
import type { Receiver } from '../../src/receive'
import { linkHealth } from '../../src/observe/health/link-health'
import type { LinkHealth } from '../../src/observe/health/link-health'
import { LastErrors } from '../../src/observe/health/last-errors'
import { readKept } from '../../src/observe/health/kept'
import type { StateStore } from '../../src/state'
import { eventually } from '../support/eventually'
import { TestEffects, receiving } from '../support/receiving'
import type { Note, Receiving } from '../support/receiving'

const RETRY = { attempts: 3, firstDelayMs: 5, factor: 1, maxDelayMs: 5, jitter: 0 }

/** Handlers that hang until they are told to end. */
class Hanging {
  public readonly runs: string[] = []
  /** What the metadata of each event says: what an app's handler sees. */
  public readonly signals: AbortSignal[] = []
  public readonly effects: TestEffects
  private readonly ends: (() => void)[] = []

  public constructor(hangs: (note: Note, run: number) => boolean) {
    this.effects = new TestEffects(async (note, _, { eventPayload }) => {
      this.signals.push(metadataOf(eventPayload)?.signal as AbortSignal)
      const run = this.runs.push(`${note.key}-${note.n}`)
      if (hangs(note, run)) await new Promise<void>((resolve) => this.ends.push(resolve))
      return [`${note.key}-${note.n}#${run}`]
    })
  }

  public get stored(): string[] {
    return this.effects.stored.map(({ text }) => text)
  }

  public end(): void {
    for (const end of this.ends.splice(0)) end()
  }
}

/** Runs a test with a receiver whose handlers may hang; they end behind it. */
function hanging(
  hangs: (note: Note, run: number) => boolean,
  test: (all: { side: Receiving; handlers: Hanging; state: StateStore }) => Promise<void>
): Promise<void> {
  return receiving(async (side) => {
    const handlers = new Hanging(hangs)
    try {
      await test({ side, handlers, state: await side.state() })
    } finally {
      handlers.end()
    }
  })
}

async function healthOf(receiver: Receiver, state: StateStore, stallMs = 60_000): Promise<LinkHealth> {
  const around = { kept: await readKept(state), lastErrors: new LastErrors(), now: Date.now(), stallMs }
  return linkHealth(receiver.report(), around)[0]
}

const countsOf = async (state: StateStore): Promise<{ parked: number; deadLetters: number }> => {
  const { parked, deadLetters } = await state.counts()
  return { parked, deadLetters }
}

describe('a time limit', () => {
  it('fails a run that takes longer, aborts its signal, and tries again when it has really ended', () =>
    hanging(
      (_, run) => run === 1,
      async ({ side, handlers, state }) => {
        await side.receive({ effects: handlers.effects, state, links: [side.link({ timeoutMs: 30, retry: RETRY })] })
        await side.publish([
          { key: 'a', n: 1 },
          { key: 'a', n: 2 },
          { key: 'b', n: 3 },
        ])
        await eventually(async () => handlers.signals[0]?.aborted && handlers.stored.includes('b-3#2'))
        expect(isStreamerError(handlers.signals[0].reason, 'HANDLER_TIMED_OUT')).to.equal(true)
        // Its key waits, in order, although its retry has long been due.
        await eventually(async () => (await countsOf(state)).parked === 2)
        expect(handlers.runs).to.deep.equal(['a-1', 'b-3'])
        handlers.end()
        await eventually(async () => (await countsOf(state)).parked === 0)
        expect(handlers.runs).to.deep.equal(['a-1', 'b-3', 'a-1', 'a-2'])
        expect(handlers.stored, 'nothing of the late run').to.deep.equal(['b-3#2', 'a-1#3', 'a-2#4'])
      }
    ))

  it('counts as a failed attempt, also from the park, and ends in a dead letter that says so', () =>
    hanging(
      ({ key }) => key === 'a',
      async ({ side, handlers, state }) => {
        await side.receive({ effects: handlers.effects, state, links: [side.link({ timeoutMs: 20, retry: RETRY })] })
        await side.publish([{ key: 'a', n: 1 }])
        await eventually(async () => {
          if (handlers.signals.every(({ aborted }) => aborted)) handlers.end()
          return (await countsOf(state)).deadLetters === 1
        })
        const [letter] = await state.deadLetters(1)
        expect(letter).to.include({ attempts: 3, holds: true })
        expect(letter.cause).to.include({ code: 'HANDLER_TIMED_OUT' })
        expect(letter.cause?.message).to.contain('Handler took longer than 20 ms.')
        expect(handlers.runs).to.deep.equal(['a-1', 'a-1', 'a-1'])
        expect(handlers.stored).to.deep.equal([])
      }
    ))

  it('lets nothing of the key pass a late run, also where its dead letter holds nothing', () =>
    hanging(
      ({ n }) => n === 1,
      async ({ side, handlers, state }) => {
        const retry = { ...RETRY, attempts: 1 }
        const link = side.link({ timeoutMs: 20, retry, afterDeadLetter: 'continue' })
        await side.receive({ effects: handlers.effects, state, links: [link] })
        await side.publish([
          { key: 'a', n: 1 },
          { key: 'a', n: 2 },
        ])
        await eventually(async () => (await countsOf(state)).deadLetters === 1)
        await side.publish([{ key: 'b', n: 3 }])
        await eventually(() => handlers.stored.length === 1)
        expect(handlers.runs).to.deep.equal(['a-1', 'b-3'])
        handlers.end()
        await eventually(() => handlers.stored.length === 2)
        expect(handlers.runs).to.deep.equal(['a-1', 'b-3', 'a-2'])
      }
    ))

  it('keeps the slot of a late run, and says that the link is unhealthy when they have all', () =>
    hanging(
      ({ key }) => key !== 'z',
      async ({ side, handlers, state }) => {
        const links = [side.link({ timeoutMs: 20, retry: { ...RETRY, firstDelayMs: 50, maxDelayMs: 50 } })]
        const receiver = await side.receive({ effects: handlers.effects, state, links, concurrency: 2 })
        await side.publish([{ key: 'a', n: 1 }])
        await eventually(async () => (await healthOf(receiver, state)).lateRuns === 1)
        expect(await healthOf(receiver, state)).to.include({ healthy: true, running: 1 })
        await side.publish([{ key: 'b', n: 1 }])
        await eventually(async () => (await healthOf(receiver, state)).lateRuns === 2)
        expect(await healthOf(receiver, state)).to.include({ healthy: false, problem: 'slots-taken' })
        await side.publish([{ key: 'z', n: 2 }])
        await eventually(async () => (await healthOf(receiver, state)).unsettled === 1)
        expect(handlers.runs.filter((run) => run === 'z-2')).to.deep.equal([])
        handlers.end()
        await eventually(() => handlers.runs.includes('z-2'))
      }
    ))

  it('holds for a batch: its keys wait until it has ended, others go on', () =>
    hanging(
      ({ key }, run) => key === 'a' && run === 1,
      async ({ side, handlers, state }) => {
        await side.publish([{ key: 'a', n: 1 }])
        const links = [side.link({ timeoutMs: 20, retry: RETRY, batchSize: 10 })]
        await side.receive({ effects: handlers.effects, state, links })
        await eventually(async () => (await countsOf(state)).parked === 1)
        await side.publish([
          { key: 'a', n: 2 },
          { key: 'b', n: 3 },
        ])
        await eventually(() => handlers.stored.length === 1)
        expect(handlers.runs).to.deep.equal(['a-1', 'b-3'])
        expect(handlers.signals.map(({ aborted }) => aborted)).to.deep.equal([true, false])
        handlers.end()
        await eventually(() => handlers.stored.length === 3)
        expect(handlers.runs).to.deep.equal(['a-1', 'b-3', 'a-1', 'a-2'])
      }
    ))
})

describe('a handler that never returns', () => {
  it('is named by health with its age, and in the state, where there is no limit either', () =>
    hanging(
      () => true,
      async ({ side, handlers, state }) => {
        const receiver = await side.receive({ effects: handlers.effects, state })
        await side.publish([{ key: 'a', n: 1 }])
        await eventually(() => handlers.runs.length === 1)
        expect(await healthOf(receiver, state)).to.include({ healthy: true, running: 1, lateRuns: 0 })
        await eventually(async () => (await state.knownRuns(Date.now())).length === 1)
        const [run] = await state.knownRuns(Date.now())
        expect(run).to.include({ address: 'log/notes', handler: 'Handler', id: 'a-1', isClaimed: true, starts: 0 })
        const health = await healthOf(receiver, state, 500)
        expect(health).to.include({ healthy: false, problem: 'runs-long' })
        expect(health.longestRunMs).to.be.greaterThan(500)
      }
    ))

  it('is left when the service no longer waits: its signal aborts, nothing of it is stored, and it is not held against its event', () =>
    hanging(
      ({ n }) => n === 1,
      async ({ side, handlers, state }) => {
        const receiver = await side.receive({ effects: handlers.effects, state })
        await side.publish([{ key: 'a', n: 1 }])
        await eventually(() => handlers.runs.length === 1)
        const stopped = receiver.stop()
        await receiver.leave()
        expect(handlers.signals[0].aborted).to.equal(true)
        await stopped
        handlers.end()
        const key = { handler: 'Handler', source: 'test', id: 'a-1', address: 'log/notes', key: 'a' }
        const [claim] = await state.claim([key], { owner: 'next', now: Date.now(), claimMs: 1_000, sole: true })
        expect(claim).to.deep.equal({ state: 'claimed' })
        expect(handlers.stored).to.deep.equal([])
      }
    ))
})
