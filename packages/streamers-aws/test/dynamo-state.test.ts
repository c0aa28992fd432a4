import './support/environment'
import { DeleteTableCommand, DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb'
import { isStreamerError } from '@boostercloud/streamer-connector'
import { describeWithServer } from '@boostercloud/dev-brokers'
import type { StateChange, StateStore } from '@boostercloud/streamers/state'
import { expect } from 'chai'
import { eventually } from '../../streamers/test/support/eventually'
import { headOf, mark, parked } from '../../streamers/test/support/records'
import { testStateStore } from '../../streamers/test/state/state-suite'
import { credentials, freshState, owner } from './support/tables'

const thrownBy = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (thrown: unknown) => thrown
  )

describe('DynamoDB state', function () {
  this.timeout(120_000)

  describeWithServer('dynamodb', (server) => {
    const opened: StateStore[] = []
    const client = (): DynamoDBClient =>
      new DynamoDBClient({ endpoint: server().url, region: 'eu-west-1', credentials })
    const open = async (own?: Parameters<typeof freshState>[1]): Promise<StateStore> => {
      const state = await freshState(server().url, own).open(owner)
      opened.push(state)
      return state
    }
    afterEach(async () => {
      await Promise.all(opened.splice(0).map((state) => state.close()))
    })

    testStateStore('DynamoDB', async () => {
      const provider = freshState(server().url)
      return { open: () => provider.open(owner) }
    })

    it('keeps any text apart from any other, also beyond the length of a key', async () => {
      const state = await open()
      const long = 'x'.repeat(5_000)
      const ids = ['a', 'a\0', 'a#b', 'sha256:a', `${long}1`, `${long}2`, '["a"]', '😀ü']
      await state.commit(ids.map((id) => ({ do: 'mark-pending', mark: mark({ id, address: long }) })))
      expect((await state.pendingMarks(long, { limit: 20 })).map(({ id }) => id)).to.deep.equal(ids)
      const requests = ids.map((id) => ({ handler: long, source: long, id, address: long, key: id }))
      await state.commit(requests.map((key) => ({ do: 'finish', key, at: 1 })))
      const claims = await state.claim([...requests, { ...requests[0], id: 'other' }], {
        owner: 'a',
        now: 1,
        claimMs: 9,
      })
      expect(claims.map(({ state: claimed }) => claimed)).to.deep.equal([...ids.map(() => 'finished'), 'claimed'])
      await state.commit(requests.map((event) => ({ do: 'park', event: parked(event) })))
      expect((await state.parkedLanes(long)).map(({ key }) => key)).to.have.members(ids)
    })

    it('keeps events and outcomes that no row of DynamoDB takes, and forgets all of them', async () => {
      const state = await open()
      const large = Buffer.alloc(1_000_000, 'abcdefg')
      const key = { handler: 'H', source: 's', id: 'e1', address: 'main/posts', key: 'k' }
      await state.claim([key], { owner: 'a', now: 1, claimMs: 9 })
      await state.commit([
        { do: 'write-outcome', key, owner: 'a', outcome: large },
        { do: 'park', event: parked({ event: large }) },
      ])
      const [claim] = await state.claim([{ ...key, fromPark: true }], { owner: 'a', now: 2, claimMs: 9 })
      expect(claim.state === 'outcome' && Buffer.from(claim.outcome).equals(large)).to.equal(true)
      const head = await headOf(state, key)
      expect(head && Buffer.from(head.event).equals(large)).to.equal(true)
      await state.commit([{ do: 'repark', place: head?.place ?? 0, event: { ...parked({}), attempts: 5 } }])
      const again = await headOf(state, key)
      expect(again && Buffer.from(again.event).equals(large)).to.equal(true)
      expect(again).to.include({ attempts: 5 })
      await state.commit([
        { do: 'finish', key, at: 3, owner: 'a' },
        { do: 'unpark', place: head?.place ?? 0 },
      ])
      expect(await state.claim([key], { owner: 'b', now: 3, claimMs: 9 })).to.deep.equal([{ state: 'finished' }])
      expect(await state.counts()).to.include({ parked: 0, deadLetters: 0 })
    })

    it('is found to be writable by a write, and not to be once its table is gone', async () => {
      const state = await open()
      await state.probe?.()
      await client().send(new DeleteTableCommand({ TableName: state.name }))
      const isUnavailable = (thrown: unknown): boolean => isStreamerError(thrown) && thrown.code.startsWith('STORAGE_')
      await eventually(async () => isUnavailable(await thrownBy(state.probe?.() ?? Promise.resolve())))
      expect(isUnavailable(await thrownBy(state.commit([{ do: 'notify' }])))).to.equal(true)
      expect(isUnavailable(await thrownBy(state.probe?.() ?? Promise.resolve()))).to.equal(true)
    })

    it('forgets what is parked and dead of a key, leaves nothing of it in the table, and says where else it may be', async () => {
      const state = await open()
      const secret = 'the secret of k'
      const large = Buffer.alloc(600_000, secret)
      await state.commit([
        { do: 'park', event: parked({ id: 'e1', event: large }) },
        { do: 'park', event: parked({ id: 'e2', state: 'dead', holds: true, event: Buffer.from(secret) }) },
        { do: 'park', event: parked({ id: 'e3', handler: 'I', event: Buffer.from(secret) }) },
        { do: 'park', event: parked({ id: 'e4', key: 'other', event: Buffer.from('of another') }) },
      ])
      const kept = async (): Promise<string> => {
        const { Items = [] } = await client().send(new ScanCommand({ TableName: state.name, ConsistentRead: true }))
        const values = Items.flatMap((item) => Object.values(item))
        return values.map(({ B, S }) => (B ? Buffer.from(B).toString('latin1') : (S ?? ''))).join('\n')
      }
      expect(await kept()).to.contain(secret)
      expect(await state.forgetKey('k')).to.equal(3)
      expect(await kept()).not.to.contain(secret)
      expect(await kept()).to.contain('of another')
      const [remains, ...more] = (await state.shred?.()) ?? []
      expect(more).to.deep.equal([])
      expect(remains.what).to.contain(state.name).and.contain('point-in-time recovery')
      expect(remains.again).to.equal(false)
    })

    it('forgets also what is tried again and written at that moment', async () => {
      const state = await open()
      await state.commit([{ do: 'park', event: parked({ id: 'e1' }) }])
      const head = await headOf(state, { address: 'main/posts', handler: 'H', key: 'k' })
      const { table } = state as unknown as { table: { transact: (...args: unknown[]) => Promise<void> } }
      const transact = table.transact.bind(table)
      table.transact = async (...args) => {
        table.transact = transact
        await state.commit([{ do: 'repark', place: head?.place ?? 0, event: parked({ id: 'e1', attempts: 5 }) }])
        return transact(...args)
      }
      expect(await state.forgetKey('k')).to.equal(1)
      expect((await state.counts()).parked).to.equal(0)
    })

    it('writes lists that no transaction of DynamoDB takes', async () => {
      const state = await open()
      const ids = Array.from({ length: 230 }, (_, index) => `e${index}`)
      const marks = ids.map((id): StateChange => ({ do: 'mark-pending', mark: mark({ id }) }))
      const key = { handler: 'H', source: 's', id: 'e1', address: 'main/posts', key: 'k' }
      await state.claim([key], { owner: 'a', now: 1, claimMs: 9 })
      await state.commit([{ do: 'write-outcome', key, owner: 'a', outcome: new Uint8Array([1]) }, ...marks])
      expect((await state.pendingMarks('main/posts', { limit: 500 })).map(({ id }) => id)).to.deep.equal(ids)
      await state.commit([{ do: 'unmark', address: 'main/posts', ids }])
      expect(await state.pendingMarks('main/posts', { limit: 500 })).to.deep.equal([])
      await state.commit(ids.map((id) => ({ do: 'park', event: parked({ id, event: Buffer.alloc(50_000) }) })))
      const [lane] = await state.parkedLanes('main/posts')
      expect(lane.parked).to.equal(ids.length)
    })

    it('writes all or nothing where something rests on a claim, however many marks come with it', async () => {
      const state = await open()
      const key = { handler: 'H', source: 's', id: 'e1', address: 'main/posts', key: 'k' }
      await state.claim([key], { owner: 'a', now: 1, claimMs: 9 })
      const finishes = Array.from({ length: 120 }, (_, index): StateChange => ({
        do: 'finish',
        key: { ...key, id: `f${index}` },
        at: 1,
      }))
      const changes: StateChange[] = [
        { do: 'write-outcome', key, owner: 'a', outcome: new Uint8Array([1]) },
        ...finishes,
      ]
      expect(isStreamerError(await thrownBy(state.commit(changes)), 'STORAGE_UNAVAILABLE')).to.equal(true)
      const [first] = await state.claim([{ ...key, id: 'f0' }], { owner: 'b', now: 1, claimMs: 9 })
      expect(first.state).to.equal('claimed')
    })

    it('loses no write of many that are made at once on the same rows', async () => {
      const provider = freshState(server().url)
      const states = await Promise.all([1, 2, 3].map(() => provider.open(owner)))
      opened.push(...states)
      const before = await states[0].revision()
      await Promise.all(
        states.flatMap((state, who) =>
          Array.from({ length: 5 }, (_, index) =>
            state.commit([
              { do: 'notify' },
              { do: 'mark-pending', mark: mark({ id: `${who}-${index}` }) },
              { do: 'park', event: parked({ id: `e${index}` }) },
            ])
          )
        )
      )
      expect(await states[0].revision()).to.equal(before + 15)
      const counts = await states[0].counts()
      expect(counts).to.include({ pending: 15, parked: 5 })
      expect((await headOf(states[0], { address: 'main/posts', handler: 'H', key: 'k' }))?.attempts).to.equal(3)
    })

    it('lets one of many owners claim', async () => {
      const provider = freshState(server().url)
      const states = await Promise.all([1, 2, 3, 4].map(() => provider.open(owner)))
      opened.push(...states)
      const key = { handler: 'H', source: 's', id: 'e1', address: 'main/posts' }
      const claims = await Promise.all(
        states.map((state, who) => state.claim([key], { owner: `o${who}`, now: 1, claimMs: 9 }))
      )
      expect(claims.flat().filter(({ state }) => state === 'claimed')).to.have.length(1)
    })

    it('refuses the table of another service, and one that is not there', async () => {
      const table = `own-${Date.now()}`
      const state = await open({ table })
      await state.commit([{ do: 'mark-pending', mark: mark({}) }])
      const foreign = await thrownBy(freshState(server().url, { table }).open({ ...owner, appName: 'other' }))
      expect(isStreamerError(foreign, 'STORAGE_FOREIGN'), String(foreign)).to.equal(true)
      expect(String(foreign)).to.contain("'shop'")
      const missing = await thrownBy(freshState(server().url, { table: 'nowhere', create: false }).open(owner))
      expect(isStreamerError(missing, 'STORAGE_UNAVAILABLE'), String(missing)).to.equal(true)
      expect(String(missing)).to.contain('nowhere')
    })

    it('refuses what comes after close, and finishes what came before', async () => {
      const provider = freshState(server().url)
      const state = await provider.open(owner)
      const before = state.commit([{ do: 'mark-pending', mark: mark({}) }])
      await state.close()
      await before
      expect(isStreamerError(await thrownBy(state.counts()), 'CLOSED')).to.equal(true)
      const again = await provider.open(owner)
      opened.push(again)
      expect(await again.counts()).to.include({ pending: 1 })
    })
  })
})
