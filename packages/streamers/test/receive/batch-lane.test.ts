import { expect } from 'chai'
import { BatchLane } from '../../src/receive/batch-lane'
import type { Attempts, Work } from '../../src/receive/attempt'
import type { Delivery } from '../../src/receive/delivery'
import { Turns } from '../../src/receive/turns'
import { Limiter } from '../../src/timing'
import type { LaneSurroundings } from '../../src/receive/lane-surroundings'
import { eventually } from '../support/eventually'
import { Receiving } from '../support/receiving'

/** More than lie between the end of a batch and its being known. */
const MICROTASKS = 20

describe('a lane of batches', () => {
  for (let after = 0; after < MICROTASKS; after += 1) {
    it(`handles what is handed over ${after} microtasks after a batch`, async () => {
      const handled: string[] = []
      let ended = (): void => undefined
      const end = new Promise<void>((resolve) => (ended = resolve))
      const lane = laneOf(async (works) => {
        handled.push(...works.map(({ request }) => request.id))
        if (handled.length === 1) await end
        return {}
      })
      lane.accept(delivery('first'))
      await eventually(() => handled.length === 1)
      ended()
      for (let microtask = 0; microtask < after; microtask += 1) await Promise.resolve()
      lane.accept(delivery('second'))
      await eventually(() => handled.length === 2)
      await lane.quiet()
      expect(handled).to.deep.equal(['first', 'second'])
    })
  }
})

function laneOf(attemptBatch: (works: readonly Work[]) => Promise<object>): BatchLane {
  const quiet = (): void => undefined
  const around: LaneSurroundings = {
    state: {} as LaneSurroundings['state'],
    attempts: { attemptBatch } as unknown as Attempts,
    log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
    stopped: new AbortController().signal,
    observe: { handled: quiet, parked: quiet, died: quiet },
    isPaused: () => false,
    mayWait: false,
    turns: new Turns(),
    slots: new Limiter(8),
    isOurs: () => true,
    mayTryAgain: () => true,
    isShared: false,
  }
  return new BatchLane(link, { isBusy: () => false, acceptAlone: quiet }, around)
}

const link = new Receiving('').link({ batchSize: 10 })

function delivery(id: string): Delivery {
  const request = { handler: link.handler, address: link.address, source: 'test', id }
  const event = { streamerId: 'log', streamerTopic: 'notes', eventPayload: {} }
  return {
    link,
    event,
    identity: { source: 'test', id },
    request,
    claimed: { claim: { state: 'claimed' }, at: Date.now() },
    settled: () => undefined,
  }
}
