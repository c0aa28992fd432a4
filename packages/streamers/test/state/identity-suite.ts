import { expect } from 'chai'
import { isStreamerError } from '@boostercloud/streamer-connector'
import { replayName } from '../../src/state'
import type { StateChange, StateRow, StateStore } from '../../src/state'
import { mark, parked } from '../support/records'
import { asOwner } from './open-state'
import type { OpenState } from './open-state'

const key = { handler: 'Old', source: 's', id: 'done' }
const LONG = 'x'.repeat(3_000)

/** Something of each kind. */
const KEPT: StateChange[] = [
  { do: 'mark-pending', mark: mark({ id: 'p1' }) },
  { do: 'mark-pending', mark: mark({ id: 'p2', context: { correlationId: 'c' } }) },
  { do: 'refuse', address: 'main/posts', id: 'p1', cause: 'too large' },
  { do: 'finish', key, at: 7 },
  { do: 'finish', key: { ...key, id: LONG }, at: 7 },
  { do: 'park', event: parked({ handler: 'Old', id: 'r1', attempts: 3 }) },
  { do: 'park', event: parked({ handler: 'Old', id: 'r2', state: 'follower', attempts: 0 }) },
  {
    do: 'park',
    event: parked({ handler: 'Old', id: 'd1', key: 'l', state: 'dead', cause: { name: 'E', message: 'm' } }),
  },
  {
    do: 'set-timer',
    timer: {
      ...{ handler: 'Old', name: 't', id: 's', dueAt: 9, setAt: 7, delayMs: 2, key: 'l' },
      content: new Uint8Array([3, 0, 3]),
    },
  },
  { do: 'pause-link', address: 'main/posts', handler: 'Old', paused: true },
  { do: 'move-position', address: 'main/posts#Old', position: '41' },
  { do: 'move-position', address: 'main/posts', position: '42' },
]

async function rowsOf(state: StateStore): Promise<StateRow[]> {
  const rows: StateRow[] = []
  for await (const { table, row } of state.rows()) {
    const { place: _, ...own } = row
    rows.push({ table, row: own })
  }
  return rows
}

async function* each(rows: readonly StateRow[]): AsyncGenerator<StateRow, void, undefined> {
  yield* rows
}

const claim = { ...key, address: 'main/posts', key: 'k' }
const refused = async (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (thrown: unknown) => thrown
  )

/** Of who a state is, of moving it, and of names in it that become others. */
export function testIdentity(on: OpenState): void {
  describe('identity', () => {
    it('is made once, for all who ask at the same time, and kept', async () => {
      const [{ id }, other] = await Promise.all([on.state.identity(), on.state.identity()])
      expect(id).to.match(/^[0-9a-f-]{36}$/)
      expect(other.id).to.equal(id)
      await on.reopen()
      expect(await on.state.identity()).to.deep.equal({
        id,
        handedOverTo: undefined,
        takenFrom: [],
        followed: [],
        isImporting: false,
      })
    })

    it('remembers and forgets others', async () => {
      const { id } = await on.state.identity()
      await on.state.noteIdentity([
        { role: 'followed', id: 'a' },
        { role: 'taken-from', id: 'b' },
        { role: 'handed-over-to', id: 'c' },
      ])
      await on.reopen()
      expect(await on.state.identity()).to.deep.include({ id, handedOverTo: 'c', takenFrom: ['b'], followed: ['a'] })
      await on.state.noteIdentity([{ role: 'followed', id: 'a', forget: true }])
      expect(await on.state.identity()).to.deep.include({ followed: [] })
    })
  })

  describe('taking over', () => {
    it('has everything that the other one had, in order, and nobody claims it', async () => {
      await on.state.commit(KEPT)
      await on.state.claim([{ ...claim, id: 'open' }], asOwner('a'))
      await on.state.commit([
        { do: 'write-outcome', key: { ...key, id: 'open' }, owner: 'a', outcome: new Uint8Array([9, 0, 9]) },
      ])
      const rows = await rowsOf(on.state)
      expect(rows.map(({ table }) => table)).to.deep.equal([
        ...['pending', 'pending', 'inbox', 'inbox', 'inbox', 'parked', 'parked', 'parked', 'timers', 'paused_links'],
        ...['positions', 'positions'],
      ])
      expect(await on.state.hasContent()).to.equal(true)
      await on.state.noteIdentity([{ role: 'handed-over-to', id: 'next' }])
      expect(await on.state.takeIn(each(rows), 'other'), 'over what was handed over').to.deep.equal({
        ...{ pending: 2, inbox: 3, parked: 3, timers: 1, paused_links: 1, positions: 2 },
      })
      await on.reopen()
      const again = await rowsOf(on.state)
      const sorted = (some: StateRow[]): StateRow[] =>
        some.sort((one, two) => (one.table === 'inbox' && String(one.row.id) < String(two.row.id) ? -1 : 0))
      expect(sorted(again)).to.deep.equal(sorted(rows))
      expect(await on.state.identity()).to.deep.include({ takenFrom: ['other'], handedOverTo: undefined })
      const [open] = await on.state.claim([{ ...claim, id: 'open' }], asOwner('b', 1_001))
      expect(open).to.deep.equal({ state: 'outcome', outcome: open.state === 'outcome' ? open.outcome : undefined })
      expect(
        (await on.state.parkedOf({ address: 'main/posts', handler: 'Old', key: 'k' }, 9)).map(({ id }) => id)
      ).to.deep.equal(['r1', 'r2'])
    })

    it('is refused where there is something already, and what fails leaves nothing', async () => {
      const state = on.state
      async function* broken(): AsyncGenerator<StateRow, void, undefined> {
        yield { table: 'positions', row: { address: 'a', position: '1' } }
        throw new Error('cut off')
      }
      expect(String(await refused(state.takeIn(broken())))).to.contain('cut off')
      expect(await state.hasContent()).to.equal(false)
      expect((await state.identity()).isImporting).to.equal(false)
      await state.commit([{ do: 'move-position', address: 'main/posts', position: '1' }])
      const error = await refused(state.takeIn(each([])))
      expect(isStreamerError(error, 'OPTION_INVALID'), String(error)).to.equal(true)
      expect(await state.position('main/posts')).to.equal('1')
    })
  })

  describe('renaming a handler', () => {
    const rename = { what: 'handler', from: 'Old', to: 'New' } as const

    it('takes inbox, park, dead letters, paused links and positions along, in order', async () => {
      await on.state.commit([...KEPT, { do: 'finish', key: { ...key, handler: 'New', id: 'both' }, at: 1 }])
      await on.state.commit([{ do: 'finish', key: { ...key, id: 'both' }, at: 1 }])
      const revision = await on.state.revision()
      expect(await on.state.rename(rename, 1_000)).to.deep.equal({
        ...{
          pending: 0,
          inbox: 2,
          parked: 2,
          deadLetters: 1,
          timers: 1,
          pausedLinks: 1,
          positions: 1,
          ignoredTypes: 0,
        },
      })
      await on.reopen()
      const claims = await on.state.claim(
        ['done', 'both', LONG].map((id) => ({ ...claim, handler: 'New', id })),
        asOwner('a')
      )
      expect(claims.map(({ state }) => state)).to.deep.equal(['finished', 'finished', 'finished'])
      expect(await on.state.parkedByLink()).to.deep.equal([
        { address: 'main/posts', handler: 'New', parked: 2, deadLetters: 1, nextTryAt: 5 },
      ])
      const lane = { address: 'main/posts', handler: 'New', key: 'k' }
      expect((await on.state.parkedOf(lane, 9)).map(({ id }) => id)).to.deep.equal(['r1', 'r2'])
      expect((await on.state.deadLetters(9)).map(({ id, handler }) => [id, handler])).to.deep.equal([['d1', 'New']])
      expect(await on.state.pausedLinks()).to.deep.equal([{ address: 'main/posts', handler: 'New' }])
      expect(await on.state.positions()).to.deep.equal([
        { name: 'main/posts', position: '42' },
        { name: 'main/posts#New', position: '41' },
      ])
      expect(await on.state.revision(), 'running services look again').to.equal(revision + 1)
    })

    it('is refused, and changes nothing, where both have the same parked event', async () => {
      await on.state.commit([...KEPT, { do: 'park', event: parked({ handler: 'New', id: 'r1' }) }])
      const before = await rowsOf(on.state)
      const error = await refused(on.state.rename(rename, 1_000))
      expect(isStreamerError(error, 'OPTION_INVALID'), String(error)).to.equal(true)
      expect(await rowsOf(on.state)).to.deep.equal(before)
    })

    it('is refused while somebody handles under the old name', async () => {
      await on.state.claim([{ ...claim, id: 'running' }], asOwner('a', 1_000))
      const error = await refused(on.state.rename(rename, 1_100))
      expect(isStreamerError(error, 'STORAGE_BUSY'), String(error)).to.equal(true)
      expect(await on.state.rename(rename, 2_000)).to.include({ inbox: 1 })
    })
  })

  it('renames what is kept of replays, by handler and by address, and leaves those of others', async () => {
    const name = (address: string, handler: string): string =>
      replayName({ address, handler, from: '2026-01-01T00:00:00.000Z', to: null })
    for (const [address, handler] of [
      ['main/posts', 'Old'],
      ['main/posts', 'Other'],
    ])
      await on.state.commit([{ do: 'move-position', address: name(address, handler), position: handler }])
    await on.state.rename({ what: 'handler', from: 'Old', to: 'New' }, 1_000)
    await on.state.rename({ what: 'address', from: 'main/posts', to: 'other/posts' }, 1_000)
    expect(await on.state.position(name('other/posts', 'New'))).to.equal('Old')
    expect(await on.state.position(name('other/posts', 'Other'))).to.equal('Other')
    expect(await on.state.position(name('main/posts', 'Old'))).to.equal(undefined)
  })

  describe('renaming an address', () => {
    it('takes what waits for a broker, the park and positions along', async () => {
      await on.state.commit(KEPT)
      expect(await on.state.rename({ what: 'address', from: 'main/posts', to: 'other/posts' }, 1)).to.deep.equal({
        ...{
          pending: 2,
          inbox: 0,
          parked: 2,
          deadLetters: 1,
          timers: 0,
          pausedLinks: 1,
          positions: 2,
          ignoredTypes: 0,
        },
      })
      expect(await on.state.pendingMarks('main/posts', { limit: 9 })).to.deep.equal([])
      expect((await on.state.pendingMarks('other/posts', { limit: 9 })).map(({ id }) => id)).to.deep.equal(['p2'])
      expect(await on.state.pendingAddresses()).to.deep.equal(['other/posts'])
      expect(await on.state.position('other/posts#Old')).to.equal('41')
      expect((await on.state.parkedLanes('other/posts')).map((lane) => lane.parked)).to.include(2)
    })

    it('adds what was counted of types that no handler takes', async () => {
      const count = (address: string, type: string | undefined, events: number, lastAt: number) =>
        on.state.commit([{ do: 'count-ignored', ignored: { address, type, events, lastAt } }])
      await count('main/posts', 'Both', 2, 1_000)
      await count('main/posts', 'Old', 3, 2_000)
      await count('other/posts', 'Both', 5, 3_000)
      await count('third/posts', 'Old', 7, 1_000)
      const rename = { what: 'address', from: 'main/posts', to: 'other/posts' } as const
      expect(await on.state.rename(rename, 4_000)).to.include({ ignoredTypes: 2 })
      await on.reopen()
      expect(await on.state.ignoredTypes()).to.have.deep.members([
        { address: 'other/posts', type: 'Both', events: 7, lastAt: 3_000 },
        { address: 'other/posts', type: 'Old', events: 3, lastAt: 2_000 },
        { address: 'third/posts', type: 'Old', events: 7, lastAt: 1_000 },
      ])
      expect(await on.state.rename(rename, 4_000), 'repeated, it adds nothing').to.include({ ignoredTypes: 0 })
      expect(await on.state.rename({ what: 'handler', from: 'Old', to: 'New' }, 1)).to.include({ ignoredTypes: 0 })
    })
  })
}
