import { expect } from 'chai'
import { eventually } from '../support/eventually'
import { TestEffects, receiving } from '../support/receiving'
import type { Note } from '../support/receiving'

const notes = (key: string, count: number): Note[] => Array.from({ length: count }, (_, n) => ({ key, n }))

describe('receiver, with handlers that take batches', () => {
  it('hands over batches, their effects once, each key in order', () =>
    receiving(async (side) => {
      const effects = new TestEffects(({ key, n }) => [`${key}${n}`])
      await side.publish([...notes('a', 40), ...notes('b', 40)])
      const state = await side.state()
      await side.receive({ effects, state, links: [side.link({ batchSize: 30 })] })
      await eventually(() => effects.stored.length === 80)
      expect(Math.max(...effects.batches)).to.be.within(2, 30)
      const texts = effects.stored.map(({ text }) => text)
      for (const key of ['a', 'b']) {
        expect(texts.filter((text) => text.startsWith(key))).to.deep.equal(notes(key, 40).map(({ n }) => `${key}${n}`))
      }
    }))

  it('handles the events of a batch that fails alone, so that one bad event holds only its key', () =>
    receiving(async (side) => {
      let failures = 0
      const effects = new TestEffects(({ key, n }) => {
        if (key === 'a' && n === 1 && failures < 3) {
          failures += 1
          throw new Error('not yet')
        }
        return [`${key}${n}`]
      })
      await side.publish([...notes('a', 5), ...notes('b', 5)])
      const state = await side.state()
      const retry = { attempts: 9, firstDelayMs: 300, factor: 1, maxDelayMs: 300, jitter: 0 }
      await side.receive({ effects, state, links: [side.link({ batchSize: 30, retry })] })
      await eventually(async () => effects.stored.length === 10 && (await state.counts()).parked === 0)
      const texts = effects.stored.map(({ text }) => text)
      expect(texts.filter((text) => text.startsWith('a'))).to.deep.equal(['a0', 'a1', 'a2', 'a3', 'a4'])
      expect(texts.indexOf('b4')).to.be.lessThan(texts.indexOf('a1'))
    }))

  it("stores what is left of a batch's outcome, without running the handler again", () =>
    receiving(async (side) => {
      const effects = new TestEffects(({ key, n }) => [`${key}${n}`])
      effects.storeFailures = [new Error('the store is away')]
      await side.publish([...notes('a', 3), ...notes('b', 3)])
      const state = await side.state()
      const receiver = await side.receive({ effects, state, links: [side.link({ batchSize: 30 })] })
      await eventually(async () => effects.stored.length === 6 && (await state.counts()).parked === 0)
      await eventually(() => receiver.unsettled === 0)
      expect(effects.batches.reduce((sum, size) => sum + size)).to.equal(6)
      expect(new Set(effects.stored.map(({ id }) => id)).size).to.equal(6)
    }))
})
