import { join } from 'node:path'
import { expect } from 'chai'
import { openEmbeddedState } from '../../src/state'
import type { ParkedEvent } from '../../src/state'
import { Mortals } from '../support/mortals'
import type { MortalNote, MortalOrder } from '../support/mortals'
import { inTempFolder } from '../support/temp-folder'

/** Runs alone, and the end of the process in which all were claimed together. */
const DEATHS = 6

const NOTES: readonly MortalNote[] = [
  { key: 'a', n: 1 },
  { key: 'b', n: 2, ends: 'exit' },
  { key: 'b', n: 3 },
  { key: 'c', n: 4 },
  { key: undefined, n: 5 },
]

async function lettersIn(folder: string): Promise<ParkedEvent[]> {
  const state = await openEmbeddedState(join(folder, 'state'))
  try {
    return await state.deadLetters(100)
  } finally {
    await state.close()
  }
}

function dying(order: Partial<MortalOrder>, test: (mortals: Mortals, folder: string) => Promise<void>): Promise<void> {
  return inTempFolder(async (folder) => {
    const mortals = new Mortals(folder, { links: { 'log/notes': ['Handler'] }, mortal: 'Handler', ...order })
    try {
      await test(mortals, folder)
    } finally {
      await mortals.end()
    }
  })
}

const isDead = (mortals: Mortals): boolean => mortals.witnessed.some(({ what }) => what === 'dead')
const hasEnded = (mortals: Mortals, numbers: readonly number[], handler?: string): boolean =>
  numbers.every((n) => mortals.numbers('end', handler).includes(n))

describe('an event that ends its process', function () {
  this.timeout(400_000)

  for (const ends of ['rejection', 'throws', 'memory', 'loop'] as const) {
    it(`is a dead letter after five runs alone, where its handler ends it by ${ends}; its neighbors are handled once`, () =>
      dying({}, async (mortals, folder) => {
        await mortals.publish(NOTES.map((note) => (note.ends ? { ...note, ends } : note)))
        const deaths = await mortals.dieUntil(() => isDead(mortals) && hasEnded(mortals, [1, 4, 5]), 10)
        expect(deaths).to.equal(DEATHS)
        expect(mortals.numbers('end').sort(), 'the neighbors, once').to.deep.equal([1, 4, 5])
        await mortals.end()
        const [letter, ...others] = await lettersIn(folder)
        expect(others, 'no neighbour is buried').to.deep.equal([])
        expect(letter).to.include({ id: 'b-2', state: 'dead', holds: true })
        expect(letter.cause).to.include({ code: 'PROCESS_ENDED' })
        expect(letter.cause?.message).to.contain('The process ended during 5 runs of Handler with this event.')
      }))
  }

  it('goes on ending it where starts are forgotten, which these tests notice', () =>
    dying({ forgets: true }, async (mortals) => {
      await mortals.publish(NOTES)
      const goesOn: unknown = await mortals.dieUntil(() => isDead(mortals), DEATHS + 1).catch((error: unknown) => error)
      expect(String(goesOn)).to.contain('It goes on dying')
    }))

  it('is run alone, after its neighbors were claimed with it: nothing else runs when it ends the process again', () =>
    dying({}, async (mortals) => {
      await mortals.publish(NOTES)
      await mortals.dieUntil(() => isDead(mortals), 10)
      const pids = [...new Set(mortals.witnessed.map(({ pid }) => pid))]
      for (const pid of pids.slice(1)) {
        const lines = mortals.witnessed.filter(
          ({ pid: by, what }) => by === pid && (what === 'start' || what === 'end')
        )
        lines.forEach((line, index) => {
          if (line.what === 'end') expect(lines[index - 1]).to.deep.include({ what: 'start', n: line.n })
        })
      }
    }))

  it('is run in a batch of its own', () =>
    dying({ batchSize: 10 }, async (mortals, folder) => {
      await mortals.publish(NOTES)
      await mortals.dieUntil(() => isDead(mortals) && hasEnded(mortals, [1, 4, 5]), 10)
      await mortals.end()
      expect((await lettersIn(folder)).map(({ id }) => id)).to.deep.equal(['b-2'])
    }))

  it('does not have another handler, or an event at another address, buried with it', () =>
    dying({ links: { 'log/notes': ['Handler', 'Other'], 'log/more': ['Third'] } }, async (mortals, folder) => {
      const more = Array.from({ length: 8 }, (_, index) => ({ key: `k${index}`, n: 100 + index }))
      await mortals.publish(NOTES)
      await mortals.publish(more, 'more')
      const numbers = more.map(({ n }) => n)
      const isOver = (): boolean =>
        isDead(mortals) && hasEnded(mortals, numbers, 'Third') && hasEnded(mortals, [1, 2, 3, 4, 5], 'Other')
      await mortals.dieUntil(isOver, 10)
      await mortals.end()
      const letters = await lettersIn(folder)
      expect(letters.map(({ handler, id }) => `${handler} ${id}`)).to.deep.equal(['Handler b-2'])
    }))

  it('is found also where it is tried again from the park, and redriving counts anew', () =>
    dying({}, async (mortals, folder) => {
      await mortals.publish(NOTES)
      await mortals.dieUntil(() => isDead(mortals), 10)
      await mortals.end()
      const [letter] = await lettersIn(folder)
      const state = await openEmbeddedState(join(folder, 'state'))
      await state.commit([{ do: 'redrive', place: letter.place as number, at: Date.now() }])
      await state.close()
      const before = mortals.numbers('start').filter((n) => n === 2).length
      const dead = (): number => mortals.witnessed.filter(({ what }) => what === 'dead').length
      expect(await mortals.dieUntil(() => dead() === 2, 10)).to.equal(DEATHS)
      expect(mortals.numbers('start').filter((n) => n === 2).length - before).to.equal(DEATHS)
      expect(
        mortals.numbers('start').filter((n) => n === 3),
        'its key waits'
      ).to.deep.equal([])
    }))

  it('is found where each process is one call of a function', () =>
    dying({ pushed: NOTES, claimMs: 300 }, async (mortals, folder) => {
      await mortals.dieUntil(() => isDead(mortals) && hasEnded(mortals, [1, 4, 5]), 20)
      await mortals.end()
      expect((await lettersIn(folder)).map(({ id }) => id)).to.deep.equal(['b-2'])
      expect(mortals.numbers('end').sort()).to.deep.equal([1, 4, 5])
    }))
})

describe('a process that is killed from outside', function () {
  this.timeout(400_000)

  it('has nothing buried, however often, where its handlers would have ended', () =>
    dying({}, async (mortals, folder) => {
      const notes = Array.from({ length: 200 }, (_, n) => ({ key: `k${n % 20}`, n }))
      await mortals.publish(notes)
      for (let kills = 0; kills < 10; kills += 1) {
        const child = mortals.start()
        const before = mortals.numbers('end').length
        await new Promise<void>((resolve, reject) => {
          const timer = setInterval(() => {
            if (mortals.numbers('end').length < Math.min(200, before + 3)) return
            clearInterval(timer)
            child.kill('SIGKILL')
          }, 2)
          child.once('exit', () => resolve())
          child.once('error', reject)
        })
      }
      await mortals.dieUntil(() => new Set(mortals.numbers('end')).size === 200, 0)
      await mortals.end()
      expect(await lettersIn(folder)).to.deep.equal([])
    }))
})
