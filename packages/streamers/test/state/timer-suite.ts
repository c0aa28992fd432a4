import { expect } from 'chai'
import type { StateChange, Timer } from '../../src/state'
import type { OpenState } from './open-state'

const NOW = Date.UTC(2026, 0, 31, 12)
const [MINUTE_MS, YEAR_MS] = [60_000, 365 * 86_400_000]

/** A timer with defaults. */
const timer = (own: Partial<Timer>): Timer => ({
  handler: 'Saga',
  name: 'late',
  id: 'first',
  dueAt: NOW,
  setAt: NOW - 1_000,
  content: new Uint8Array([1, 2, 3]),
  ...own,
})
const set = (own: Partial<Timer>): StateChange => ({ do: 'set-timer', timer: timer(own) })

/** Of timers. */
export function testTimers(on: OpenState): void {
  const namesBy = async (by?: number): Promise<string[]> =>
    (await on.state.dueTimers({ by, limit: 100 })).map(({ name }) => name)

  describe('timers', () => {
    it('are kept as they were set, and the next one is known', async () => {
      expect(await on.state.nextTimerAt()).to.equal(undefined)
      const delayed = timer({ name: 'ü/1\0', delayMs: 1_000, key: 'k' })
      const large = timer({ name: 'large', content: Buffer.alloc(700_000, 'abcdefg') })
      await on.state.commit([
        { do: 'set-timer', timer: delayed },
        { do: 'set-timer', timer: large },
      ])
      await on.reopen()
      const read = await on.state.timer('Saga', 'ü/1\0')
      expect(read && { ...read, content: [...read.content] }).to.deep.equal({ ...delayed, content: [1, 2, 3] })
      const again = await on.state.timer('Saga', 'large')
      expect(again && Buffer.from(again.content).equals(Buffer.from(large.content))).to.equal(true)
      expect(await on.state.timer('Saga', 'other')).to.equal(undefined)
      expect(await on.state.nextTimerAt()).to.equal(NOW)
      expect(await on.state.hasContent()).to.equal(true)
    })

    it('are found in the order in which they are due, by a time and page by page', async () => {
      const dueAt = [5, 3, 3, 3, 1, 9]
      await on.state.commit(dueAt.map((at, n) => set({ name: `t${n}`, dueAt: NOW + at })))
      await on.state.commit([set({ handler: 'Another', name: 't2', dueAt: NOW + 3 })])
      const all = await on.state.dueTimers({ limit: 100 })
      expect(all.map(({ dueAt: at }) => at - NOW)).to.deep.equal([1, 3, 3, 3, 3, 5, 9])
      const paged: Timer[] = []
      for (let page = await on.state.dueTimers({ limit: 2 }); page.length > 0;) {
        paged.push(...page)
        page = await on.state.dueTimers({ limit: 2, after: page[page.length - 1] })
      }
      expect(paged).to.deep.equal(all)
      expect(await namesBy(NOW)).to.deep.equal([])
      expect((await namesBy(NOW + 3)).sort()).to.deep.equal(['t1', 't2', 't2', 't3', 't4'])
      expect(await on.state.nextTimerAt()).to.equal(NOW + 1)
    })

    it('are moved by their name, and cancelled by it or as they were set', async () => {
      await on.state.commit([set({}), set({ name: 'other', dueAt: NOW + 1 })])
      await on.state.commit([set({ id: 'second', dueAt: NOW + 10, delayMs: 5, key: 'k' })])
      expect(await namesBy()).to.deep.equal(['other', 'late'])
      expect(await on.state.timer('Saga', 'late')).to.include({ id: 'second', delayMs: 5, key: 'k' })
      await on.state.commit([{ do: 'cancel-timer', handler: 'Saga', name: 'late', id: 'first' }])
      expect(await namesBy()).to.deep.equal(['other', 'late'])
      await on.state.commit([{ do: 'cancel-timer', handler: 'Saga', name: 'late', id: 'second' }])
      expect(await namesBy()).to.deep.equal(['other'])
      await on.state.commit([
        { do: 'cancel-timer', handler: 'Saga', name: 'other' },
        { do: 'cancel-timer', handler: 'Saga', name: 'never was' },
      ])
      expect(await on.state.nextTimerAt()).to.equal(undefined)
    })

    it('are set where there is none of their name only, where that is asked', async () => {
      const ifNone = (own: Partial<Timer>): StateChange => ({ do: 'set-timer', timer: timer(own), ifNone: true })
      await on.state.commit([set({}), ifNone({ id: 'second' }), ifNone({ name: 'other' })])
      await on.state.commit([ifNone({ name: 'other', id: 'second' })])
      expect((await on.state.dueTimers({ limit: 9 })).map(({ name, id }) => [name, id])).to.deep.equal([
        ['late', 'first'],
        ['other', 'first'],
      ])
      await on.state.commit([
        { do: 'cancel-timer', handler: 'Saga', name: 'late', id: 'first' },
        ifNone({ id: 'second' }),
      ])
      expect(await on.state.timer('Saga', 'late')).to.include({ id: 'second' })
    })

    it('hold as the last change of a commit says', async () => {
      await on.state.commit([set({}), set({ id: 'second', dueAt: NOW + 1 }), set({ name: 'gone' })])
      await on.state.commit([
        { do: 'cancel-timer', handler: 'Saga', name: 'gone' },
        set({ name: 'gone', id: 'back' }),
        { do: 'cancel-timer', handler: 'Saga', name: 'late' },
      ])
      expect((await on.state.dueTimers({ limit: 9 })).map(({ id }) => id)).to.deep.equal(['back'])
    })

    it('are not set by a commit that is refused', async () => {
      const lost: StateChange = {
        do: 'finish',
        key: { handler: 'H', source: 's', id: '1' },
        at: NOW,
        owner: 'nobody',
      }
      expect(await on.state.commit([set({}), lost]).catch(() => 'refused')).to.equal('refused')
      expect(await on.state.nextTimerAt()).to.equal(undefined)
    })

    it('are forgotten by their key', async () => {
      await on.state.commit([set({ name: 'a', key: 'k' }), set({ name: 'b', key: 'other' }), set({ name: 'c' })])
      expect((await on.state.dueTimers({ limit: 9, key: 'k' })).map(({ name }) => name)).to.deep.equal(['a'])
      expect(await on.state.forgetKey('k')).to.equal(1)
      expect(await namesBy()).to.deep.equal(['b', 'c'])
    })

    it('go along when their handler is renamed, unless the new name has one of the same name', async () => {
      await on.state.commit([set({ name: 'a' }), set({ name: 'b' }), set({ handler: 'New', name: 'c' })])
      const renaming = { what: 'handler', from: 'Saga', to: 'New' } as const
      expect(await on.state.rename(renaming, NOW)).to.include({ timers: 2 })
      expect((await on.state.dueTimers({ limit: 9 })).map(({ handler }) => handler)).to.deep.equal([
        'New',
        'New',
        'New',
      ])
      await on.state.commit([set({ name: 'a' })])
      const refused: unknown = await on.state.rename(renaming, NOW).catch((error: unknown) => error)
      expect(String(refused)).to.contain('a timer')
      expect(await on.state.timer('Saga', 'a')).not.to.equal(undefined)
    })

    it('with a delay that a clock which was ahead has set count from when that is noticed; a time stays a time', async () => {
      const ahead = NOW + YEAR_MS
      await on.state.commit([
        set({ name: 'delay', setAt: ahead, dueAt: ahead + MINUTE_MS, delayMs: MINUTE_MS }),
        set({ name: 'time', setAt: ahead, dueAt: ahead + MINUTE_MS }),
        set({ name: 'a little ahead', setAt: NOW + MINUTE_MS, dueAt: NOW + 2 * MINUTE_MS, delayMs: MINUTE_MS }),
      ])
      expect(await on.state.correctTimers(NOW)).to.equal(1)
      expect(await on.state.correctTimers(NOW)).to.equal(0)
      const due = (await on.state.dueTimers({ limit: 9 })).map(({ name, dueAt }) => [name, dueAt])
      expect(due).to.deep.equal([
        ['delay', NOW + MINUTE_MS],
        ['a little ahead', NOW + 2 * MINUTE_MS],
        ['time', ahead + MINUTE_MS],
      ])
    })
  })
}
