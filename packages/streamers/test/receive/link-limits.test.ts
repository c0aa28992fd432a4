import { expect } from 'chai'
import { eventually } from '../support/eventually'
import { TestEffects, receiving } from '../support/receiving'
import type { Note } from '../support/receiving'

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
})
