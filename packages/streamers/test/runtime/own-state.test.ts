import { join } from 'node:path'
import { isStreamerError } from '@boostercloud/streamer-connector'
import { expect } from 'chai'
import { requireOwnState } from '../../src/runtime/require-own-state'
import { takeInRows, takeOverFolder } from '../../src/runtime/take-over'
import { openEmbeddedState } from '../../src/state'
import type { StateChange, StateRow, StateStore } from '../../src/state'
import { mark } from '../support/records'
import { inTempFolder } from '../support/temp-folder'

const PENDING: StateChange[] = [{ do: 'mark-pending', mark: mark({}) }]

async function within<T>(folder: string, work: (state: StateStore) => Promise<T>): Promise<T> {
  const state = await openEmbeddedState(folder)
  try {
    return await work(state)
  } finally {
    await state.close()
  }
}

const thrownBy = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (thrown: unknown) => thrown
  )

describe('a service whose state is elsewhere now', () => {
  const inFolders = (test: (before: string, now: string) => Promise<void>): Promise<void> =>
    inTempFolder((folder) => test(join(folder, 'default'), join(folder, 'now')))
  const started = (now: string, defaultFolder: string): Promise<unknown> =>
    thrownBy(within(now, (state) => requireOwnState({ state, folder: now, defaultFolder })))
  const configOf = (state: string): Parameters<typeof takeOverFolder>[0] => ({
    appName: 'shop',
    environmentName: 'test',
    streaming: { state },
  })

  it('is refused while the one before has content, counted, with what to run', () =>
    inFolders(async (before, now) => {
      await within(before, (state) =>
        state.commit([...PENDING, { do: 'move-position', address: 'main/posts', position: '1' }])
      )
      const error = await started(now, before)
      expect(isStreamerError(error, 'STATE_ELSEWHERE'), String(error)).to.equal(true)
      expect(String(error)).to.contain('1 pending, 0 handled, 0 parked, 0 dead letters, 0 timers, 1 position')
      expect(String(error)).to.contain(before).and.contain('state import --from-default').and.contain('state adopt')
      expect(await started(before, before), 'where it was').to.equal(undefined)
    }))

  it('starts where the one before keeps nothing, or is not there', () =>
    inFolders(async (before, now) => {
      expect(await started(now, before)).to.equal(undefined)
      await within(before, (state) => state.identity())
      expect(await started(now, before)).to.equal(undefined)
    }))

  it('starts once it has taken it over, and the one before is refused from then on', () =>
    inFolders(async (before, now) => {
      await within(before, (state) => state.commit(PENDING))
      const { counts } = await takeOverFolder(configOf(now), before)
      expect(counts).to.include({ pending: 1 })
      expect(await started(now, before)).to.equal(undefined)
      const back = await started(before, before)
      expect(isStreamerError(back, 'STATE_ELSEWHERE'), String(back)).to.equal(true)
      expect(String(back)).to.contain('handed over')
      expect(isStreamerError(await thrownBy(takeOverFolder(configOf(now), before)), 'STATE_ELSEWHERE')).to.equal(true)
    }))

  it('may come back, taking over in the other direction', () =>
    inFolders(async (before, now) => {
      await within(before, (state) => state.commit(PENDING))
      await takeOverFolder(configOf(now), before)
      await within(now, (state) => state.commit([{ do: 'mark-pending', mark: mark({ id: 'e2' }) }]))
      const { counts } = await takeOverFolder(configOf(before), now)
      expect(counts).to.include({ pending: 2 })
      expect(await started(before, before)).to.equal(undefined)
      expect(isStreamerError(await started(now, before), 'STATE_ELSEWHERE')).to.equal(true)
    }))

  it('is refused where taking over was cut off, until it is done again', () =>
    inFolders(async (before, now) => {
      await within(before, (state) => state.commit(PENDING))
      await within(now, async (state) => {
        await state.commit(PENDING)
        await state.noteIdentity([{ role: 'importing', id: (await state.identity()).id }])
      })
      expect(isStreamerError(await started(now, before), 'STORAGE_DAMAGED')).to.equal(true)
      await takeOverFolder(configOf(now), before)
      expect(await started(now, before)).to.equal(undefined)
    }))

  it('takes rows in only where nothing is yet', () =>
    inFolders(async (_, now) => {
      async function* rows(): AsyncGenerator<StateRow, void, undefined> {
        yield { table: 'positions', row: { address: 'main/posts', position: '7' } }
      }
      expect(await takeInRows(configOf(now), rows(), 'x')).to.include({ positions: 1 })
      expect(isStreamerError(await thrownBy(takeInRows(configOf(now), rows(), 'x')), 'OPTION_INVALID')).to.equal(true)
    }))
})
