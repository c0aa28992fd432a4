import { expect } from 'chai'
import type { Attempts } from '../../src/receive/attempt'
import type { Delivery } from '../../src/receive/delivery'
import { Lane } from '../../src/receive/lane'
import { Turns } from '../../src/receive/turns'
import { Limiter } from '../../src/timing'
import { Receiving } from '../support/receiving'

const quiet = (): void => undefined

describe('a lane', () => {
  it('goes on where what it was about to run is withdrawn', async () => {
    const said: string[] = []
    const ran: string[] = []
    const link = new Receiving('').link()
    const attempt = async ({ request }: { request: { id: string } }): Promise<undefined> => {
      ran.push(request.id)
    }
    const around = {
      state: {},
      attempts: { refreshed: async () => ({ state: 'claimed' }), attempt } as unknown as Attempts,
      log: { debug: quiet, info: quiet, warn: quiet, error: (line: string) => said.push(line) },
      stopped: new AbortController().signal,
      observe: { handled: quiet, parked: quiet, died: quiet },
      isPaused: () => false,
      mayWait: false,
      turns: new Turns(),
      slots: new Limiter(8),
      isOurs: () => true,
      isShared: false,
    } as unknown as ConstructorParameters<typeof Lane>[2]
    const delivery = (id: string): Delivery => ({
      link,
      event: { streamerId: 'log', streamerTopic: 'notes', eventPayload: {} },
      identity: { source: 'test', id },
      request: { handler: link.handler, address: link.address, source: 'test', id },
      claimed: { claim: { state: 'claimed' }, at: performance.now() },
      settled: quiet,
    })
    const lane = new Lane(link, { address: link.address, handler: link.handler, key: 'k' }, around, quiet)
    lane.accept(delivery('withdrawn'))
    expect(lane.withdraw(() => true)).to.have.length(1)
    await lane.quiet()
    lane.accept(delivery('next'))
    await lane.quiet()
    expect(said).to.deep.equal([])
    expect(ran).to.deep.equal(['next'])
  })
})
