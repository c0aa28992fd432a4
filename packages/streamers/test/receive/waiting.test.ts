import { expect } from 'chai'
import type { ExternalEvent } from '@boostercloud/streamer-connector'
import type { RetryPolicy } from '../../src/receive'
import { packEvent } from '../../src/state'
import type { ParkedEvent, StateChange, StateStore } from '../../src/state'
import { eventually } from '../support/eventually'
import { gate } from '../support/gate'
import { TestEffects, receiving } from '../support/receiving'
import type { Note } from '../support/receiving'
import { headOf, parked } from '../support/records'
import { withOwn } from '../support/with-own'

const notes = (key: string, count: number): Note[] => Array.from({ length: count }, (_, n) => ({ key, n }))
const after = (delayMs: number): RetryPolicy => ({
  attempts: 3,
  firstDelayMs: delayMs,
  factor: 1,
  maxDelayMs: delayMs,
  jitter: 0,
})

describe('events behind one that failed', () => {
  it('wait in memory where that is tried again soon, and follow it in order', () =>
    receiving(async (side) => {
      const { ran, effects } = failingOnce('k0')
      const { state, parks } = noting(await side.state())
      const receiver = await side.receive({ effects, state, links: [side.link({ retry: after(300) })] })
      await side.publish([...notes('k', 6), ...notes('z', 2)])
      await eventually(
        () => ran.length === 9,
        () => ran
      )
      expect(ran.filter((one) => one.startsWith('k'))).to.deep.equal(['k0', 'k0', 'k1', 'k2', 'k3', 'k4', 'k5'])
      expect(ran.indexOf('z1')).to.be.lessThan(ran.indexOf('k1'))
      expect(parks.map(({ id }) => id)).to.deep.equal(['k-0'])
      await eventually(() => receiver.unsettled === 0)
    }))

  it('are parked when room gets short, so that other keys go on', () =>
    receiving(async (side) => {
      const { ran, effects } = failingOnce('k0', 'y29')
      const { state, parks } = noting(await side.state())
      const links = [side.link({ retry: after(900) })]
      await side.receive({ effects, state, links, maxUnsettled: 8 })
      await side.publish(notes('k', 5))
      await eventually(() => parks.length > 0)
      await side.publish([...notes('z', 5), { key: 'k', n: 5 }])
      await eventually(
        () => ran.includes('z4'),
        () => ran
      )
      await eventually(() => parks.length > 1)
      await side.publish(notes('y', 30))
      await eventually(
        () => ran.includes('y29'),
        () => ran
      )
      expect(ran).not.to.include('k1')
      expect(parks.map(({ id, state: how }) => `${id} ${how}`)).to.deep.equal([
        'k-0 retry',
        'k-1 follower',
        'k-2 follower',
        'k-3 follower',
        'k-4 follower',
        'k-5 follower',
      ])
      await eventually(
        () => ran.includes('k5'),
        () => ran
      )
      expect(ran.filter((one) => one.startsWith('k'))).to.deep.equal(['k0', 'k0', 'k1', 'k2', 'k3', 'k4', 'k5'])
    }))

  it('are parked when that goes on failing, however soon it is tried again', () =>
    receiving(async (side) => {
      const ran: string[] = []
      const effects = new TestEffects(({ key, n }) => {
        ran.push(`${key}${n}`)
        if (n === 0) throw new Error('not today')
        return []
      })
      const { state, parks } = noting(await side.state())
      const retry = { ...after(100), attempts: 1_000 }
      const receiver = await side.receive({ effects, state, links: [side.link({ retry })] })
      await side.publish(notes('k', 3))
      await eventually(() => parks.length === 3 && receiver.unsettled === 0)
      expect(ran.length).to.be.greaterThan(5)
      expect(new Set(ran)).to.deep.equal(new Set(['k0']))
    }))

  it('are not run once more where another process has parked them meanwhile', () =>
    receiving(async (side) => {
      const { ran, effects } = failingOnce('k0')
      const { state, parks } = noting(await side.state())
      const receiver = await side.receive({ effects, state, links: [side.link({ retry: after(500) })] })
      await side.publish(notes('k', 4))
      await eventually(() => parks.length === 1 && receiver.unsettled === 3)
      await state.commit([1, 2].map((n): StateChange => ({ do: 'park', event: waiting(n) })))
      await eventually(() => receiver.unsettled === 0)
      await eventually(async () => (await state.counts()).parked === 0)
      expect(ran).to.deep.equal(['k0', 'k0', 'k1', 'k2', 'k3'])
    }))

  it('are parked where their link is paused meanwhile', () =>
    receiving(async (side) => {
      const { effects } = failingOnce('k0')
      const { state, parks } = noting(await side.state())
      const receiver = await side.receive({ effects, state, links: [side.link({ retry: after(900) })] })
      await side.publish(notes('k', 3))
      await eventually(() => parks.length === 1 && receiver.unsettled === 2)
      await state.commit([{ do: 'pause-link', address: 'log/notes', handler: 'Handler', paused: true }])
      await receiver.refresh()
      await eventually(() => receiver.unsettled === 0)
      expect(parks.map(({ id }) => id)).to.deep.equal(['k-0', 'k-1', 'k-2'])
    }))
})

describe('a handler that takes long', () => {
  it('does not keep others from being polled and handled, although what lies behind it cannot be acknowledged yet', () =>
    receiving(async (side) => {
      const ran: string[] = []
      const held = gate()
      const effects = new TestEffects(async ({ key, n }) => {
        if (key === 'slow') await held.opened
        ran.push(`${key}${n}`)
        return []
      })
      const receiver = await side.receive({ effects, maxUnsettled: 10 })
      await side.publish([{ key: 'slow', n: 0 }, ...notes('k', 60)])
      await eventually(
        () => ran.length === 60,
        () => ran
      )
      expect(receiver.unsettled).to.equal(61)
      held.open()
      await eventually(() => receiver.unsettled === 0)
    }))
})

describe('events of the park that are claimed together', () => {
  it('are given back behind the one that fails', () =>
    receiving(async (side) => {
      const { ran, effects } = failingOnce('k1')
      const state = await side.state()
      const lane = { address: 'log/notes', handler: 'Handler', key: 'k' }
      await state.commit([0, 1, 2, 3].map((n): StateChange => ({ do: 'park', event: waiting(n) })))
      await side.receive({ effects, state, links: [side.link({ retry: after(3_600_000) })] })
      await eventually(async () => (await headOf(state, lane))?.attempts === 1)
      expect(ran).to.deep.equal(['k0', 'k1'])
      const requests = [1, 2, 3].map((n) => ({ ...lane, source: 'test', id: `k-${n}`, fromPark: true }))
      const claims = await state.claim(requests, { owner: 'other', now: Date.now(), claimMs: 1_000 })
      expect(claims.map((claim) => claim.state)).to.deep.equal(['claimed', 'claimed', 'claimed'])
    }))
})

/** A handler to which one event is too much the first time; the second time it takes until `after` has run. */
function failingOnce(which: string, after?: string): { ran: string[]; effects: TestEffects } {
  const ran: string[] = []
  const effects = new TestEffects(async ({ key, n }) => {
    ran.push(`${key}${n}`)
    if (`${key}${n}` !== which) return []
    if (ran.filter((one) => one === which).length === 1) throw new Error('not yet')
    if (after !== undefined) await eventually(() => ran.includes(after))
    return []
  })
  return { ran, effects }
}

/** A state, and what is parked in it as it comes. */
function noting(state: StateStore): { state: StateStore; parks: ParkedEvent[] } {
  const parks: ParkedEvent[] = []
  const commit = (changes: readonly StateChange[]): Promise<void> => {
    for (const change of changes) if (change.do === 'park') parks.push(change.event)
    return state.commit(changes)
  }
  return { state: withOwn(state, { commit }), parks }
}

function waiting(n: number): ParkedEvent {
  const event: ExternalEvent = {
    streamerId: 'log',
    streamerTopic: 'notes',
    eventPayload: { key: 'k', n },
    metadata: { id: `k-${n}`, source: 'test', key: 'k' },
  }
  return parked({
    address: 'log/notes',
    handler: 'Handler',
    source: 'test',
    id: `k-${n}`,
    state: n === 0 ? 'retry' : 'follower',
    attempts: 0,
    event: packEvent(event),
  })
}
