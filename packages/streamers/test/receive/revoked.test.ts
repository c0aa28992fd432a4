import { withMetadata } from '@boostercloud/streamer-connector'
import type { ExternalEvent, Revoked, Revoking, StreamerCapabilities } from '@boostercloud/streamer-connector'
import { expect } from 'chai'
import { eventually } from '../support/eventually'
import type { StateStore } from '../../src/state'
import { gate } from '../support/gate'
import { TestEffects, receiving } from '../support/receiving'

const CAPABILITIES: StreamerCapabilities = {
  position: 'broker',
  ordering: 'key',
  durable: true,
  replay: false,
  maxEventBytes: 1_000_000,
  delivery: 'poll',
}

/** Hands out events of one key, in polls of so many, and says that some of them are another reader's now. */
class Shared implements Revoking {
  public readonly capabilities = CAPABILITIES
  public readonly marks: (string | undefined)[] = []
  private readonly listeners = new Set<(revoked: Revoked) => void>()
  private readonly left: ExternalEvent[][] = []

  public constructor(...polls: readonly (readonly number[])[]) {
    for (const numbers of polls) this.bring(numbers)
  }

  /** For the next poll. The ids end in `again` where the events come a second time. */
  public bring(numbers: readonly number[], again = ''): void {
    const events = numbers.map((n): ExternalEvent => {
      const metadata = { id: `k-${n}`, source: 'test', key: 'k' }
      const eventPayload = withMetadata({ key: 'k', n }, metadata)
      return { streamerId: 'log', streamerTopic: 'notes', eventPayload, eventId: `${n}${again}`, metadata }
    })
    this.left.push(events)
  }

  public async poll(_topic?: string, mark?: string): Promise<ExternalEvent[]> {
    this.marks.push(mark)
    const events = this.left.shift() ?? []
    if (events.length === 0) await new Promise((resolve) => setTimeout(resolve, 25))
    return events
  }

  public onRevoked(listener: (revoked: Revoked) => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  public revoke(topic: string, eventIds: readonly string[]): void {
    this.listeners.forEach((listener) => listener({ topic, eventIds }))
  }

  public get isListenedTo(): boolean {
    return this.listeners.size > 0
  }
}

describe('events that another reader is given while they wait here', () => {
  it('are left to it also where they wait for a limit of their handler', () =>
    receiving(async (side) => {
      const ran: number[] = []
      const effects = new TestEffects(({ n }) => {
        ran.push(n)
        return []
      })
      for (const own of [{}, { batchSize: 1 }]) {
        const state = await side.state()
        const connector = new Shared([0, 1])
        const links = [side.link({ maxPerSecond: 0.01, handler: `Handler${own.batchSize ?? ''}`, ...own })]
        const parts = { effects, state, connector, capabilities: CAPABILITIES, links }
        const receiver = await side.receive(parts)
        await eventually(() => ran.length === 1 && receiver.unsettled === 1)
        connector.revoke('notes', ['1'])
        await eventually(() => receiver.unsettled === 0)
        const request = { handler: links[0].handler, source: 'test', id: 'k-1', address: 'log/notes', key: 'k' }
        const [claim] = await state.claim([request], { owner: 'b', now: Date.now(), claimMs: 30_000 })
        expect([claim.state, ran.splice(0)]).to.deep.equal(['claimed', [0]])
      }
    }))

  it('are left to it; what was begun is finished, and other topics have nothing to do with it', () =>
    receiving(async (side) => {
      const ran: number[] = []
      const held = gate()
      const effects = new TestEffects(async ({ n }) => {
        ran.push(n)
        await held.opened
        return [`done ${n}`]
      })
      const state = await side.state()
      const connector = new Shared([0, 1, 2])
      const receiver = await side.receive({ effects, state, connector, capabilities: CAPABILITIES, owner: 'a' })
      await eventually(() => ran.length === 1)
      connector.revoke('another topic', ['1'])
      connector.revoke('notes', ['0', '2'])
      const claimed = async (id: string): Promise<string> => {
        const request = { handler: 'Handler', source: 'test', id, address: 'log/notes', key: 'k' }
        const [claim] = await state.claim([request], { owner: 'b', now: Date.now(), claimMs: 30_000 })
        return claim.state
      }
      await eventually(async () => (await claimed('k-2')) === 'claimed')
      expect(await claimed('k-1')).to.equal('elsewhere')
      held.open()
      await eventually(() => effects.stored.length === 2)
      expect(ran).to.deep.equal([0, 1])
      await eventually(() => receiver.unsettled === 0)
      await eventually(() => connector.marks.includes('2'))
      await receiver.stop()
      expect(connector.isListenedTo).to.equal(false)
    }))

  it('are left to it also while they are being claimed, behind others of their key that are left to it', () =>
    receiving(async (side) => {
      const ran: number[] = []
      const held = gate()
      const effects = new TestEffects(async ({ n }) => {
        ran.push(n)
        await held.opened
        return [`done ${n}`]
      })
      const state = await side.state()
      const [claim, asked]: [StateStore['claim'], string[]] = [state.claim.bind(state), []]
      const answered = gate()
      state.claim = async (requests, terms) => {
        asked.push(...requests.map(({ id }) => id))
        if (asked.includes('k-2')) await answered.opened
        return claim(requests, terms)
      }
      const connector = new Shared([0, 1], [2, 3])
      const receiver = await side.receive({ effects, state, connector, capabilities: CAPABILITIES, owner: 'a' })
      await eventually(() => ran.length === 1 && asked.includes('k-3'))
      connector.revoke('notes', ['1', '2', '3'])
      answered.open()
      held.open()
      await eventually(() => effects.stored.length === 1 && receiver.unsettled === 0)
      const others = ['k-1', 'k-2', 'k-3'].map((id) => ({
        handler: 'Handler',
        source: 'test',
        id,
        address: 'log/notes',
      }))
      await eventually(async () => {
        const claims = await claim(others, { owner: 'b', now: Date.now(), claimMs: 30_000 })
        return claims.every((one) => one.state === 'claimed')
      })
      expect(ran).to.deep.equal([0])
      await receiver.stop()
    }))

  it('keep their claim where they are being tried again from the park', () =>
    receiving(async (side) => {
      let runs = 0
      const held = gate()
      const effects = new TestEffects(async () => {
        runs += 1
        if (runs === 1) throw new Error('not yet')
        await held.opened
        return ['done']
      })
      const state = await side.state()
      const connector = new Shared([0])
      const receiver = await side.receive({ effects, state, connector, capabilities: CAPABILITIES, owner: 'a' })
      await eventually(() => runs === 2 && receiver.unsettled === 0)
      connector.bring([0], 'again')
      await eventually(() => receiver.unsettled === 1)
      connector.revoke('notes', ['0again'])
      await eventually(() => receiver.unsettled === 0)
      const request = { handler: 'Handler', source: 'test', id: 'k-0', address: 'log/notes', key: 'k', fromPark: true }
      const [claim] = await state.claim([request], { owner: 'b', now: Date.now(), claimMs: 30_000 })
      expect(claim.state).to.equal('elsewhere')
      held.open()
      await eventually(() => effects.stored.length === 1)
      await receiver.stop()
      expect(runs).to.equal(2)
    }))
})
