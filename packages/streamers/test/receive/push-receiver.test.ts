import type { ExternalEvent } from '@boostercloud/streamer-connector'
import { expect } from 'chai'
import { PushReceiver, RunGate } from '../../src/receive'
import type { Link } from '../../src/receive'
import type { StateStore } from '../../src/state'
import { eventually } from '../support/eventually'
import { TestEffects, receiving } from '../support/receiving'
import type { Note, Receiving, TestHandler } from '../support/receiving'

const forever = new AbortController().signal
const quiet = (): void => undefined

function pushed(key: string | undefined, n: number): ExternalEvent {
  const metadata = { id: `${key}-${n}`, source: 'test', key }
  return { streamerId: 'log', eventPayload: { key, n }, eventId: `m${n}`, metadata }
}

/** A service's functions, each call of which may run in a process of its own. */
class Functions {
  public readonly runs: string[] = []
  public readonly effects: TestEffects
  private readonly gate = new RunGate()

  public constructor(
    private readonly side: Receiving,
    public readonly state: StateStore,
    handler: TestHandler = () => []
  ) {
    this.effects = new TestEffects((note, link, event) => {
      this.runs.push(`${note.key}-${note.n}`)
      return handler(note, link, event)
    })
  }

  public receiver(own: Partial<Link> = {}, state = this.state): PushReceiver {
    return new PushReceiver({
      address: 'log/notes',
      links: [this.side.link(own)],
      gate: this.gate,
      state,
      effects: this.effects,
      log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
      observe: { handled: quiet, parked: quiet, died: quiet, ignored: quiet, refused: quiet },
      owner: `process-${Math.random()}`,
      claimMs: 30_000,
      concurrency: 8,
    })
  }
}

const functions = (handler: TestHandler | undefined, test: (all: Functions) => Promise<void>): Promise<void> =>
  receiving(async (side) => test(new Functions(side, await side.state(), handler)))

describe('a push receiver', () => {
  it('hands over what it is given, in the order of each key, and ends when it is settled', () =>
    functions(
      ({ key, n }: Note) => [`${key}${n}`],
      async (all) => {
        const events = [pushed('a', 1), pushed('b', 2), pushed('a', 3), pushed(undefined, 4)]
        expect(await all.receiver().receive(events, forever)).to.deep.equal([])
        expect(all.runs).to.have.members(['a-1', 'b-2', 'a-3', 'undefined-4'])
        expect(all.runs.indexOf('a-1')).to.be.lessThan(all.runs.indexOf('a-3'))
        expect(all.effects.stored.map(({ text }) => text)).to.have.members(['a1', 'b2', 'a3', 'undefined4'])
      }
    ))

  it('takes nothing of no events', () =>
    functions(undefined, async (all) => {
      expect(await all.receiver().receive([], forever)).to.deep.equal([])
    }))

  it('runs a handler once for what is delivered again, at once or later', () =>
    functions(
      ({ key, n }) => [`${key}${n}`],
      async (all) => {
        const events = [pushed('a', 1), pushed('a', 2), pushed('a', 1)]
        expect(await all.receiver().receive(events, forever)).to.deep.equal([])
        expect(await all.receiver().receive(events, forever)).to.deep.equal([])
        expect(all.runs).to.deep.equal(['a-1', 'a-2'])
        expect(all.effects.stored.map(({ text }) => text)).to.deep.equal(['a1', 'a2'])
      }
    ))

  it('parks what fails, its followers behind it, and tries it again when it is called for that', () => {
    let isBad = true
    const handler = ({ n }: Note): string[] => {
      if (n === 1 && isBad) throw new Error('bad')
      return []
    }
    const retry = { attempts: 50, firstDelayMs: 300, factor: 1, maxDelayMs: 300, jitter: 0 }
    return functions(handler, async (all) => {
      const events = [pushed('a', 1), pushed('b', 2), pushed('a', 3)]
      expect(await all.receiver({ retry }).receive(events, forever)).to.deep.equal([])
      expect(all.runs.filter((run) => run !== 'a-1')).to.deep.equal(['b-2'])
      expect(await all.receiver({ retry }).receive([pushed('a', 4)], forever)).to.deep.equal([])
      isBad = false
      await eventually(async () => {
        await all.receiver({ retry }).retry(forever)
        return (await all.state.counts()).parked === 0
      })
      expect(all.runs.filter((run) => run !== 'a-1')).to.deep.equal(['b-2', 'a-3', 'a-4'])
    })
  })

  it('leaves what is parked alone where its link is paused', () =>
    functions(undefined, async (all) => {
      await all.state.commit([{ do: 'pause-link', address: 'log/notes', handler: 'Handler', paused: true }])
      expect(await all.receiver().receive([pushed('a', 1)], forever)).to.deep.equal([])
      await all.receiver().retry(forever)
      expect(all.runs).to.deep.equal([])
      expect(await all.state.counts()).to.include({ parked: 1 })
    }))

  it('says what is not settled when its time is over, and leaves a handler that still runs its claim', () => {
    let finish = (): void => undefined
    const running = new Promise<void>((resolve) => (finish = resolve))
    const handler = async ({ n }: Note): Promise<string[]> => {
      if (n === 1) await running
      return [`${n}`]
    }
    return functions(handler, async (all) => {
      const time = new AbortController()
      try {
        const call = all.receiver().receive([pushed('a', 1), pushed('b', 2), pushed('a', 3)], time.signal)
        await eventually(() => all.effects.stored.length === 1)
        time.abort()
        expect((await call).map(({ eventId }) => eventId)).to.deep.equal(['m1', 'm3'])
        expect(await all.receiver().receive([pushed('a', 1)], forever)).to.deep.equal([])
        expect(all.runs.filter((run) => run === 'a-1')).to.have.length(1)
      } finally {
        finish()
      }
      await eventually(() => all.effects.stored.length >= 2)
      expect(all.effects.stored.map(({ text }) => text)).to.deep.equal(['2', '1'])
    })
  })

  it('leaves everything unsettled where the state takes nothing, for as long as its time lasts', () =>
    functions(undefined, async (all) => {
      const broken = Object.create(all.state, {
        claim: { value: () => Promise.reject(new Error('away')) },
      }) as StateStore
      const events = [pushed('a', 1), pushed('b', 2)]
      const left = await all.receiver({}, broken).receive(events, AbortSignal.timeout(200))
      expect(left).to.deep.equal(events)
      expect(all.runs).to.deep.equal([])
    }))
})
