import { expect } from 'chai'
import { Turns } from '../../src/receive/turns'
import type { Turn } from '../../src/receive/turns'
import { Limiter } from '../../src/timing'
import { eventually } from '../support/eventually'
import { Receiving } from '../support/receiving'

describe('turns of a handler', () => {
  for (const [name, limits] of [
    ['at once', { concurrency: 1 }],
    ['in a second', { maxPerSecond: 50 }],
  ] as const) {
    it(`go around among its addresses, however many wait at one of them (${name})`, async () => {
      const turns = new Turns()
      const link = new Receiving('').link(limits)
      const [busy, quiet] = [new Limiter(8), new Limiter(8)]
      const order: string[] = []
      const run = (address: string, slots: Limiter): Promise<void> =>
        turns.wait(link, slots).turn.then((turn) =>
          (turn as Turn).use(async () => {
            order.push(address)
            await new Promise(setImmediate)
          })
        )
      const running = Promise.all([
        ...Array.from({ length: 6 }, () => run('busy', busy)),
        ...Array.from({ length: 2 }, () => run('quiet', quiet)),
      ])
      await eventually(() => order.length === 8)
      await running
      expect(order.slice(0, 4).sort()).to.deep.equal(['busy', 'busy', 'quiet', 'quiet'])
    })
  }
})
