import type { ExternalEvent } from '@boostercloud/streamer-connector'
import { expect } from 'chai'
import { PushReceiver, RunGate } from '../../src/receive'
import { eventually } from '../support/eventually'
import { gate } from '../support/gate'
import { TestEffects, receiving } from '../support/receiving'
import type { Note } from '../support/receiving'
import type { StateStore } from '../../src/state'

const quiet = (): void => undefined
const log = { debug: quiet, info: quiet, warn: quiet, error: quiet }
const observe = { handled: quiet, parked: quiet, died: quiet, ignored: quiet, refused: quiet, received: quiet }

/** A handler that notes which of its events it has begun with, and waits with them. */
function waiting(): { effects: TestEffects; begun: number[]; open: () => void } {
  const begun: number[] = []
  const held = gate()
  const effects = new TestEffects(async ({ n }) => {
    begun.push(n)
    await held.opened
    return []
  })
  return { effects, begun, open: held.open }
}

const notes = (count: number): Note[] => Array.from({ length: count }, (_, n) => ({ key: `k${n}`, n }))

describe('the limits of a handler', () => {
  it('hold how many of its runs there are at once, and no other handler', () =>
    receiving(async (side) => {
      const most = { Handler: 0, Other: 0 }
      const running = { Handler: 0, Other: 0 }
      let open = (): void => undefined
      const opened = new Promise<void>((resolve) => (open = resolve))
      const effects = new TestEffects(async (_, { handler }) => {
        const name = handler as keyof typeof most
        running[name] += 1
        most[name] = Math.max(most[name], running[name])
        await opened
        running[name] -= 1
        return []
      })
      const links = [side.link({ concurrency: 2 }), side.link({ handler: 'Other' })]
      const receiver = await side.receive({ effects, links, concurrency: 16 })
      await side.publish(notes(8))
      await eventually(
        () => running.Other === 8,
        () => running
      )
      open()
      await eventually(() => receiver.unsettled === 0)
      expect(most).to.deep.equal({ Handler: 2, Other: 8 })
    }))

  it('spread its runs evenly over a second', () =>
    receiving(async (side) => {
      const begun: number[] = []
      const effects = new TestEffects(() => {
        begun.push(performance.now())
        return []
      })
      const receiver = await side.receive({ effects, links: [side.link({ maxPerSecond: 20 })] })
      await side.publish(notes(10))
      await eventually(
        () => begun.length === 10 && receiver.unsettled === 0,
        () => begun
      )
      expect(begun[9] - begun[0]).to.be.greaterThan(9 * 50 - 30)
    }))

  it('do not keep a service from stopping', () =>
    receiving(async (side) => {
      let ran = 0
      const effects = new TestEffects(() => {
        ran += 1
        return []
      })
      const receiver = await side.receive({ effects, links: [side.link({ maxPerSecond: 0.01 })] })
      await side.publish(notes(5))
      await eventually(() => ran === 1 && receiver.unsettled === 4)
      const begun = performance.now()
      await receiver.stop()
      expect(performance.now() - begun).to.be.lessThan(5_000)
      expect(ran).to.equal(1)
    }))

  it('are those of a process, whatever the address, and whichever call of a function', () =>
    receiving(async (side) => {
      const { effects, begun, open } = waiting()
      const [together, state] = [new RunGate(), await side.state()]
      const link = { concurrency: 1 }
      const one = await side.receive({ effects, state, gate: together, links: [side.link(link)] })
      await side.publish(notes(2))
      await eventually(() => begun.length === 1)
      const pushed = new PushReceiver({
        address: 'other/notes',
        links: [side.link({ ...link, address: 'other/notes' })],
        gate: together,
        state,
        effects,
        log,
        observe,
        owner: 'called',
        claimMs: 30_000,
        concurrency: 8,
      })
      const metadata = { id: 'pushed', source: 'test', key: 'p' }
      const event: ExternalEvent = { streamerId: 'other', eventPayload: { n: 7 }, eventId: 'm', metadata }
      const unsettled = await pushed.receive([event], AbortSignal.timeout(100))
      expect([unsettled.length, begun.length]).to.deep.equal([1, 1])
      open()
      await eventually(() => one.unsettled === 0)
      expect(await pushed.receive([event], new AbortController().signal)).to.deep.equal([])
    }))

  it('hold after the slots of the address were taken by others', () =>
    receiving(async (side) => {
      const held = gate()
      const begun: number[] = []
      const effects = new TestEffects(async (_, { handler }) => {
        if (handler === 'Handler') begun.push(performance.now())
        else await held.opened
        return []
      })
      const links = [side.link({ handler: 'Other' }), side.link({ maxPerSecond: 20 })]
      const receiver = await side.receive({ effects, links, concurrency: 1 })
      await side.publish(notes(5))
      await eventually(() => receiver.report().links[0].running.length === 1)
      await new Promise((resolve) => setTimeout(resolve, 300))
      held.open()
      await eventually(() => receiver.unsettled === 0)
      expect(begun[4] - begun[0]).to.be.greaterThan(4 * 50 - 30)
    }))

  it('of one handler do not stop the polling for the others of its address: what waits is parked, and handled in order', () =>
    receiving(async (side) => {
      const limited: number[] = []
      let others = 0
      const held = gate()
      const effects = new TestEffects(async ({ n }, { handler }) => {
        if (handler === 'Other') others += 1
        else {
          await held.opened
          limited.push(n)
        }
        return []
      })
      const links = [side.link({ concurrency: 1 }), side.link({ handler: 'Other' })]
      const state = await side.state()
      await side.receive({ effects, state, links, maxUnsettled: 10 })
      const all = Array.from({ length: 60 }, (_, n): Note => ({ key: `k${n % 20}`, n }))
      for (let from = 0; from < all.length; from += 5) await side.publish(all.slice(from, from + 5))
      await eventually(() => others === 60)
      expect((await state.counts()).parked).to.be.greaterThan(0)
      held.open()
      await eventually(() => limited.length === 60)
      for (let key = 0; key < 20; key += 1)
        expect(limited.filter((n) => n % 20 === key)).to.deep.equal([key, key + 20, key + 40])
    }))

  it('of a handler of batches do not stop it either while a batch takes long: what waits is parked, what follows the batch is not', () =>
    receiving(async (side) => {
      const ran: Record<string, number[]> = { Batches: [], Other: [] }
      const held = gate()
      const effects = new TestEffects(async ({ n }, { handler }) => {
        if (handler === 'Batches') await held.opened
        ran[handler].push(n)
        return []
      })
      const links = [side.link({ handler: 'Batches', batchSize: 2, concurrency: 1 }), side.link({ handler: 'Other' })]
      const state = await side.state()
      await side.receive({ effects, state, links, maxUnsettled: 10 })
      const all = Array.from({ length: 40 }, (_, n): Note => ({ key: `k${n % 20}`, n }))
      for (let from = 0; from < all.length; from += 5) await side.publish(all.slice(from, from + 5))
      await eventually(
        () => ran.Other.length === 40,
        () => ran,
        60_000
      )
      expect((await state.counts()).parked).to.be.within(10, 36)
      held.open()
      await eventually(
        () => ran.Batches.length === 40,
        () => ran
      )
      for (let key = 0; key < 20; key += 1)
        expect(ran.Batches.filter((n) => n % 20 === key)).to.deep.equal([key, key + 20])
    })).timeout(120_000)

  it('of a handler of batches do not stop it either: what waits is parked', () =>
    receiving(async (side) => {
      const ran = { Batches: 0, Other: 0 }
      const effects = new TestEffects((_, { handler }) => {
        ran[handler as keyof typeof ran] += 1
        return []
      })
      const links = [
        side.link({ handler: 'Batches', batchSize: 2, maxPerSecond: 0.01 }),
        side.link({ handler: 'Other' }),
      ]
      const state = await side.state()
      await side.receive({ effects, state, links, maxUnsettled: 10 })
      const all = notes(40)
      for (let from = 0; from < all.length; from += 5) await side.publish(all.slice(from, from + 5))
      await eventually(
        () => ran.Other === 40,
        () => ran
      )
      expect(ran.Batches).to.be.within(1, 2)
      expect((await state.counts()).parked).to.be.greaterThan(20)
    }))

  it('keep nothing of a link that is paused: what waits for them is parked, and its claims are given back', () =>
    receiving(async (side) => {
      const { effects, begun, open } = waiting()
      const state = await side.state()
      const receiver = await side.receive({ effects, state, links: [side.link({ concurrency: 1 })] })
      await side.publish(notes(3))
      await eventually(() => begun.length === 1 && receiver.unsettled === 3)
      await state.commit([{ do: 'pause-link', address: 'log/notes', handler: 'Handler', paused: true }])
      await receiver.refresh()
      await eventually(
        async () => (await state.counts()).parked === 2,
        () => receiver.report()
      )
      open()
      await eventually(() => receiver.unsettled === 0)
      expect(begun).to.have.length(1)
      expect(await freeOf(state, [1, 2])).to.deep.equal([true, true])
      await state.commit([{ do: 'pause-link', address: 'log/notes', handler: 'Handler', paused: false }])
      await receiver.refresh()
      await eventually(() => begun.length === 3)
    }))

  for (const [where, own] of [
    ['a slot of the address', {}],
    ['a limit of its handler', { maxPerSecond: 0.01 }],
  ] as const) {
    it(`leave no claim behind of a parked event that waits for ${where} when the service stops`, () =>
      receiving(async (side) => {
        const { effects, begun, open } = waiting()
        const state = await side.state()
        await state.commit([{ do: 'pause-link', address: 'log/notes', handler: 'Handler', paused: true }])
        const receiver = await side.receive({ effects, state, concurrency: 1, links: [side.link(own)] })
        await side.publish(notes(3))
        await eventually(async () => (await state.counts()).parked === 3)
        await state.commit([{ do: 'pause-link', address: 'log/notes', handler: 'Handler', paused: false }])
        await receiver.refresh()
        await eventually(() => begun.length === 1)
        const stopped = receiver.stop()
        open()
        await stopped
        expect(begun).to.have.length(1)
        const waited = [0, 1, 2].filter((n) => !begun.includes(n))
        expect(await freeOf(state, waited)).to.deep.equal([true, true])
      }))
  }
})

/** Whether another process could claim these at once, each the only event of its key. */
async function freeOf(state: StateStore, numbers: readonly number[]): Promise<boolean[]> {
  const requests = numbers.map((n) => ({
    handler: 'Handler',
    address: 'log/notes',
    source: 'test',
    id: `k${n}-${n}`,
    key: `k${n}`,
    fromPark: true,
  }))
  const claims = await state.claim(requests, { owner: 'another', now: Date.now(), claimMs: 30_000 })
  await state.commit(
    requests.map(({ handler, source, id }) => ({ do: 'release', key: { handler, source, id }, owner: 'another' }))
  )
  return claims.map((claim) => claim.state === 'claimed')
}
