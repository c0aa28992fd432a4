import { expect } from 'chai'
import type { SqlDatabase, StateChange } from '../../src/state'
import { SqlStateStore } from '../../src/state'
import { SqliteDatabase } from '../../src/state/sql/sqlite-database'
import { KeptPosition } from '../../src/receive/kept-position'
import type { SettledMark } from '../../src/receive/settled-mark'
import { eventually } from '../support/eventually'
import { inTempFolder } from '../support/temp-folder'
import { asOwner } from './open-state'

const quiet = (): void => undefined
const QUIET = { debug: quiet, info: quiet, warn: quiet, error: quiet }
const KEY = { handler: 'H', source: 's', id: '1' }

describe('the state waits for the disk', () => {
  /** Which of the transactions in `work` do not wait. */
  async function lazyOnes(work: (state: SqlStateStore) => Promise<unknown>): Promise<boolean[]> {
    const lazy: boolean[] = []
    await inTempFolder(async (folder) => {
      const database = await SqliteDatabase.open(`${folder}/state.sqlite`)
      const watched: SqlDatabase = {
        name: database.name,
        transaction: (statements, options) => {
          lazy.push(options?.lazily === true)
          return database.transaction(statements, options)
        },
        query: (statement) => database.query(statement),
        close: () => database.close(),
      }
      const state = new SqlStateStore(watched)
      await work(state)
      await state.close()
    })
    return lazy
  }

  it('not for a claim', async () => {
    const claim = (state: SqlStateStore): Promise<unknown> =>
      state.claim([{ ...KEY, address: 'a/b', key: 'k' }], asOwner('me'))
    expect(await lazyOnes(claim)).to.deep.equal([true])
  })

  it('for the end of an event, also with a position', async () => {
    const finish: StateChange = { do: 'finish', key: KEY, at: 1 }
    const moved: StateChange = { do: 'move-position', address: 'a/b', position: '1', lazily: true }
    expect(await lazyOnes((state) => state.commit([finish]))).to.deep.equal([false])
    expect(await lazyOnes((state) => state.commit([moved, finish]))).to.deep.equal([false])
  })

  it('for the position that it begins with, and not for those that follow', async () => {
    expect(await lazyOnes((state) => moveOn(state, '7', ['8']))).to.deep.equal([false, true])
  })

  it('for the first one where it begins without', async () => {
    expect(await lazyOnes((state) => moveOn(state, undefined, ['8', '9']))).to.deep.equal([false, true])
  })
})

/** A position that is kept, from its beginning on. */
async function moveOn(state: SqlStateStore, begin: string | undefined, marks: readonly string[]): Promise<void> {
  const settledMark: { mark?: string } = {}
  const position = new KeptPosition({
    name: 'a/b',
    settledMark: settledMark as Pick<SettledMark, 'mark'>,
    attempts: { commit: (changes) => state.commit(changes) },
    log: QUIET,
    stopped: new AbortController().signal,
  })
  expect(await position.begin(state, async () => begin)).to.equal(begin)
  for (const mark of marks) {
    settledMark.mark = mark
    position.followSoon()
    await eventually(async () => (await state.position('a/b')) === mark)
  }
}
