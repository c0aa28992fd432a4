import { expect } from 'chai'
import type { Attempts } from '../../src/receive/attempt'
import type { Delivery } from '../../src/receive/delivery'
import { Lane } from '../../src/receive/lane'
import { Turns } from '../../src/receive/turns'
import { Limiter } from '../../src/timing'
import { Receiving } from '../support/receiving'

/** More than lie between an event being handed over and its run. */
const MICROTASKS = 20

describe('a lane', () => {
  for (let after = 0; after < MICROTASKS; after += 1) {
    it(`runs or hands back what is withdrawn ${after} microtasks after it was handed over, and says nothing of it`, async () => {
      const ran: string[] = []
      const said: unknown[] = []
      const [slots, lane] = laneOf(ran, said)
      lane.accept(delivery('first'))
      for (let microtask = 0; microtask < after; microtask += 1) await Promise.resolve()
      const withdrawn = lane.withdraw(() => true).map(({ request }) => request.id)
      await lane.quiet()
      expect([...ran, ...withdrawn]).to.deep.equal(['first'])
      lane.accept(delivery('next'))
      await lane.quiet()
      expect(ran.at(-1), 'it goes on').to.equal('next')
      expect(said).to.deep.equal([])
      expect(slots.tryEnter(), 'its slot is free').to.equal(true)
    })
  }
})

function laneOf(ran: string[], said: unknown[]): [Limiter, Lane] {
  const quiet = (): void => undefined
  const say = (...words: unknown[]): unknown => said.push(words)
  const attempts = {
    refreshed: async (_: unknown, { claim }: NonNullable<Delivery['claimed']>) => claim,
    attempt: async ({ request }: Delivery) => void ran.push(request.id),
  }
  const slots = new Limiter(1)
  const lane = new Lane(
    link,
    { address: link.address, handler: link.handler, key: 'k' },
    {
      state: {} as ConstructorParameters<typeof Lane>[2]['state'],
      attempts: attempts as unknown as Attempts,
      log: { debug: quiet, info: quiet, warn: say, error: say },
      stopped: new AbortController().signal,
      observe: { handled: quiet, parked: quiet, died: quiet },
      isPaused: () => false,
      mayWait: false,
      turns: new Turns(),
      slots,
      isOurs: () => true,
      mayTryAgain: () => true,
      isShared: false,
    },
    quiet
  )
  return [slots, lane]
}

const link = new Receiving('').link()

function delivery(id: string): Delivery {
  const request = { handler: link.handler, address: link.address, source: 'test', id, key: 'k' }
  const event = { streamerId: 'log', streamerTopic: 'notes', eventPayload: {} }
  const claimed: Delivery['claimed'] = { claim: { state: 'claimed' }, at: Date.now() }
  return { link, event, identity: { source: 'test', id }, request, claimed, settled: () => undefined }
}
