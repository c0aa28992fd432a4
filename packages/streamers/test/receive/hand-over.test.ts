import { expect } from 'chai'
import { eventually } from '../support/eventually'
import { gate } from '../support/gate'
import { TestEffects, receiving } from '../support/receiving'
import { headOf } from '../support/records'
import { withOwn } from '../support/with-own'

const LANE = { address: 'log/notes', handler: 'Handler', key: 'k' }

/** So few unsettled events that nothing may wait in memory behind a parked one. */
const NO_ROOM = 1

describe('what a receiver leaves to others', () => {
  it('is free at once: what it claimed and did not begin, when it stops', () =>
    receiving(async (side) => {
      const ran: string[] = []
      const held = gate()
      const effects = new TestEffects(async ({ n }) => {
        ran.push(`a${n}`)
        await held.opened
        return []
      })
      const state = await side.state()
      const first = await side.receive({ effects, state, owner: 'a' })
      await side.publish([0, 1, 2].map((n) => ({ key: 'k', n })))
      await eventually(() => ran.length === 1)
      const stopped = first.stop()
      held.open()
      await stopped
      expect(ran).to.deep.equal(['a0'])

      const claims = await state.claim(
        [1, 2].map((n) => ({ handler: 'Handler', source: 'test', id: `k-${n}`, address: 'log/notes', key: 'k' })),
        { owner: 'b', now: Date.now(), claimMs: 30_000 }
      )
      expect(claims.map((claim) => claim.state)).to.deep.equal(['claimed', 'claimed'])
    }))

  it('is free at once: what it parked', () =>
    receiving(async (side) => {
      const effects = new TestEffects(() => {
        throw new Error('always')
      })
      const state = await side.state()
      const retry = { attempts: 9, firstDelayMs: 60_000, factor: 1, maxDelayMs: 60_000, jitter: 0 }
      await side.receive({ effects, state, owner: 'a', links: [side.link({ retry })] })
      await side.publish([{ key: 'k', n: 0 }])
      await eventually(async () => (await headOf(state, LANE)) !== undefined)
      const request = { handler: 'Handler', source: 'test', id: 'k-0', address: 'log/notes', key: 'k', fromPark: true }
      const claims = await state.claim([request], { owner: 'b', now: Date.now(), claimMs: 30_000 })
      expect(claims).to.deep.equal([{ state: 'claimed' }])
    }))
})

describe('a lane that asks for its oldest parked event', () => {
  it('works on what is parked while the state answers late', () =>
    receiving(async (side) => {
      const ran: number[] = []
      const effects = new TestEffects(({ n }) => {
        ran.push(n)
        if (n === 0 && ran.length === 1) throw new Error('once')
        return []
      })
      const state = await side.state()
      let answersLate: (() => Promise<void>) | undefined
      const slow = withOwn(state, {
        parkedOf: async (lane, limit) => {
          const oldest = await state.parkedOf(lane, limit)
          if (oldest.length === 0) await answersLate?.()
          return oldest
        },
      })
      let asked = (): void => undefined
      const wasAsked = new Promise<void>((resolve) => (asked = resolve))
      answersLate = async () => {
        answersLate = undefined
        asked()
        await eventually(async () => (await state.counts()).parked === 1)
      }
      await side.receive({ effects, state: slow, maxUnsettled: NO_ROOM })
      await side.publish([{ key: 'k', n: 0 }])
      await wasAsked
      await side.publish([{ key: 'k', n: 1 }])
      await eventually(() => ran.includes(1))
      expect(ran).to.deep.equal([0, 0, 1])
    }))
})

describe('an event that comes again while it is run from the park', () => {
  it('is not run once more', () =>
    receiving(async (side) => {
      const ran: number[] = []
      const again = gate()
      const effects = new TestEffects(async ({ n }) => {
        ran.push(n)
        if (ran.length === 1) throw new Error('once')
        if (n === 0) await again.opened
        return [`done ${n}`]
      })
      const state = await side.state()
      await side.receive({ effects, state, maxUnsettled: NO_ROOM })
      await side.publish([{ key: 'k', n: 0 }])
      await eventually(() => ran.length === 2)
      await side.publish([
        { key: 'k', n: 0 },
        { key: 'k', n: 1 },
      ])
      await eventually(async () => (await state.counts()).parked === 2)
      again.open()
      await eventually(() => effects.stored.length === 2)
      expect(ran).to.deep.equal([0, 0, 1])
    }))
})

describe('events that are handed over while others of their key go into the park', () => {
  it('go in behind those handed over before them', () =>
    receiving(async (side) => {
      const ran: number[] = []
      const gates = { claimed: gate(), failing: gate(), parking: gate(), parked: gate() }
      const effects = new TestEffects(async ({ n }) => {
        ran.push(n)
        if (ran.length > 1) return []
        await gates.failing.opened
        throw new Error('once')
      })
      const state = await side.state()
      const slow = withOwn(state, {
        claim: async (requests, claim) => {
          const claims = await state.claim(requests, claim)
          if (requests.some(({ id }) => id === 'k-1')) {
            gates.failing.open()
            await gates.claimed.opened
          }
          return claims
        },
        commit: async (changes) => {
          if (changes.some((change) => change.do === 'park' && change.event.id === 'k-0')) {
            gates.parking.open()
            await gates.parked.opened
          }
          await state.commit(changes)
        },
      })
      let received = 0
      const quiet = (): void => undefined
      const observe = { handled: quiet, parked: quiet, died: quiet, ignored: quiet, refused: quiet }
      await side.receive({
        effects,
        state: slow,
        observe: { ...observe, received: (_, count) => void (received += count) },
      })
      await side.publish([{ key: 'k', n: 0 }])
      await eventually(() => ran.length === 1)
      await side.publish([{ key: 'k', n: 1 }])
      await gates.parking.opened
      gates.claimed.open()
      await side.publish([{ key: 'k', n: 2 }])
      await eventually(() => received === 3)
      gates.parked.open()
      await eventually(() => ran.length === 4)
      expect(ran).to.deep.equal([0, 0, 1, 2])
    }))
})
