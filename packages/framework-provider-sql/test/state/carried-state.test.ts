import '../support/environment'
import { join } from 'node:path'
import { isStreamerError } from '@boostercloud/streamer-connector'
import { stateMigrations } from '@boostercloud/streamers/state'
import type { StateChange } from '@boostercloud/streamers/state'
import { expect } from 'chai'
import { inTempFolder } from '../../../streamers/test/support/temp-folder'
import { SqliteDatabase } from '../../src/database/sqlite-database'
import { storeMigrations } from '../../src/database/schema'
import { append } from '../../src/events/append'
import { Batch } from '../../src/dispatch/batch'
import { inDispatch } from '../../src/dispatch/contexts'
import type { Dispatcher } from '../../src/dispatch/dispatcher'
import { Committer } from '../../src/dispatch/committer'
import { entityKey } from '../../src/events/append'
import { Events } from '../../src/events/events'
import { CarriedState } from '../../src/state'
import { event, marked } from '../support/records'

const DISPATCHER = { wake: () => undefined } as unknown as Dispatcher

describe('streaming state in the database of the events', () => {
  it('commits marks and events together', async () => {
    await withStore(async ({ events, state }) => {
      let told: number | undefined
      await state.carry(
        [marked('a')],
        async () => events.store([event('a')]),
        (stored) => (told = stored.length)
      )
      expect(told).to.equal(1)
      expect((await state.counts()).pending).to.equal(1)
      expect(await events.since('Thing', 'a')).to.have.length(1)
    })
  })

  it('writes neither where one of the changes is refused', async () => {
    await withStore(async ({ events, state }) => {
      const lost: StateChange = { do: 'finish', key: { handler: 'H', source: 's', id: '1' }, at: 1, owner: 'nobody' }
      const refused: unknown = await state
        .carry([marked('a'), lost], async () => events.store([event('a')]), unexpected)
        .catch((error: unknown) => error)
      expect(isStreamerError(refused, 'CLAIM_LOST')).to.equal(true)
      expect((await state.counts()).pending).to.equal(0)
      expect(await events.since('Thing', 'a')).to.deep.equal([])
    })
  })

  it('writes nothing where nothing comes to be stored', async () => {
    await withStore(async ({ state }) => {
      const failed: unknown = await state
        .carry([marked('a')], async () => Promise.reject(new Error('before it stored')), unexpected)
        .catch((error: unknown) => error)
      expect((failed as Error).message).to.equal('before it stored')
      expect((await state.counts()).pending).to.equal(0)
    })
  })

  it('commits the changes by themselves where there is nothing to store', async () => {
    await withStore(async ({ state }) => {
      expect(
        await state.carry(
          [marked('a')],
          async () => 'nothing',
          () => undefined
        )
      ).to.equal('nothing')
      expect((await state.counts()).pending).to.equal(1)
    })
  })

  it('takes along what the call carries that this one is a part of', async () => {
    await withStore(async ({ events, state }) => {
      const lost: StateChange = { do: 'finish', key: { handler: 'H', source: 's', id: '1' }, at: 1, owner: 'nobody' }
      const inner = async (): Promise<unknown> =>
        state.carry(
          [marked('b')],
          async () => events.store([event('b')]),
          () => undefined
        )
      const refused: unknown = await state.carry([lost], inner, unexpected).catch((error: unknown) => error)
      expect(isStreamerError(refused, 'CLAIM_LOST')).to.equal(true)
      expect((await state.counts()).pending).to.equal(0)
      await state.carry([marked('a')], inner, () => undefined)
      expect((await state.counts()).pending).to.equal(2)
    })
  })

  it('leaves what the outer call carries to it where the inner one stores nothing', async () => {
    await withStore(async ({ events, state }) => {
      await state.carry(
        [marked('a')],
        async () => {
          await state.carry(
            [],
            async () => undefined,
            () => undefined
          )
          expect((await state.counts()).pending).to.equal(0)
          await events.store([event('a')])
        },
        () => undefined
      )
      expect((await state.counts()).pending).to.equal(1)
    })
  })

  it('commits what a handler of a dispatch registers, its marks and the dispatch together', async () => {
    await withStore(async ({ database, events, state }) => {
      const [stored] = await events.store([event('a')])
      const batch = new Batch([{ type: 'Thing', id: 'a', attempts: 0, dispatchedAt: 0, events: [stored] }], true)
      const work = batch.works.get(entityKey('Thing', 'a'))
      let told: string | undefined
      await inDispatch({ batch, work }, async () => {
        await state.carry(
          [marked('b')],
          async () => events.store([event('b')]),
          ([first]) => (told = first.createdAt)
        )
        expect(await events.since('Thing', 'b')).to.have.length(1)
      })
      expect(told).to.equal(undefined)
      expect((await state.counts()).pending).to.equal(0)
      expect(await events.since('Thing', 'b')).to.deep.equal([])

      await new Committer(database, { onHandlerError: 'retry', owner: 'me' }).write(batch)
      expect((await state.counts()).pending).to.equal(1)
      const [registered] = await events.since('Thing', 'b')
      expect(told).to.equal(registered.createdAt)
    })
  })

  it('has every table that the streaming state has', () => {
    const words = { place: 'P', bytes: 'B', text: 'T', searched: '' }
    expect(storeMigrations(words)).to.include.members(stateMigrations(words))
  })

  it('gives later events later times, whatever the clock says', async () => {
    await withStore(async ({ database }) => {
      const times: string[] = []
      for (const now of [5_000, 1_000, 5_000]) {
        const appended = append([event('a'), event('a')], now)
        const rows = await database.transaction(appended.statements)
        times.push(...appended.stored(rows).map(({ createdAt }) => createdAt))
      }
      expect([...new Set(times)].sort()).to.deep.equal(times)
    })
  })
})

interface Opened {
  readonly database: SqliteDatabase
  readonly events: Events
  readonly state: CarriedState
}

async function withStore(work: (opened: Opened) => Promise<void>): Promise<void> {
  await inTempFolder(async (folder) => {
    const database = await SqliteDatabase.open({
      path: join(folder, 'store.sqlite'),
      synchronous: 'FULL',
      holder: 'tests',
    })
    try {
      await work({ database, events: new Events(database, DISPATCHER, false), state: new CarriedState(database) })
    } finally {
      await database.close()
    }
  })
}

function unexpected(): never {
  throw new Error('Nothing was committed.')
}
