import '../packages/streamers-postgres/test/support/environment'
import { PostgresState } from '@boostercloud/streamers-postgres'
import type { Claim, ClaimRequest, ParkedEvent, StateStore } from '@boostercloud/streamers/state'
import { startServer } from '@boostercloud/dev-brokers'
import type { Server } from '@boostercloud/dev-brokers'
import { expect } from 'chai'
import { Client } from 'pg'
import { orSkip } from './support/or-skip'
import { withClient } from '../packages/streamers-postgres/test/support/with-client'
import { restoreDump } from './support/restore-dump'
import { OldReplica } from './upgrade/old-replica'
import type { Meant } from './upgrade/old-replica'
import { RECORDED_NAME } from './upgrade/shop'

const CLAIM_MS = 30_000
const LINK = { address: 'log/beside', handler: 'Beside' } as const
const BYTES = Buffer.from('what was registered')

describe('replicas of an earlier version and of this one on one schema of PostgreSQL', function () {
  this.timeout(60_000)
  let server: Server
  let client: Client
  let old: OldReplica
  let state: StateStore
  let events = 0
  let now = Date.now()

  before(async function () {
    await orSkip(this, async () => (server = await startServer('postgres')))
    await restoreDump(server.url, 'postgres')
    client = new Client({ connectionString: server.url })
    await client.connect()
    await client.query(`SET search_path TO ${RECORDED_NAME}`)
    old = new OldReplica(client, 'old')
    // Before this version changes the schema, as a replica that has run for days.
    await old.prepare()
    state = await PostgresState.at({ url: server.url, schema: RECORDED_NAME }).open({
      appName: 'shop',
      environment: 'local',
    })
  })
  after(async () => {
    await state?.close()
    await client?.end()
    await server?.stop()
  })
  beforeEach(() => {
    events += 1
    now = Date.now()
  })

  const event = (): ClaimRequest => ({ ...LINK, source: 'elsewhere', id: `e${events}`, key: `k${events}` })
  const meant = (own: Meant = {}): Meant => ({ ...event(), now, lasts: CLAIM_MS, ...own }) as Meant
  const claim = async (at = now): Promise<Claim> =>
    (await state.claim([event()], { owner: 'new', now: at, claimMs: CLAIM_MS }))[0]
  const stateOf = async (claimed: Promise<Claim>): Promise<string> => (await claimed).state
  const parked = (own: Partial<ParkedEvent> = {}): ParkedEvent => ({
    ...event(),
    state: 'retry',
    holds: false,
    attempts: 1,
    dueAt: now,
    firstAt: now,
    lastAt: now,
    event: BYTES,
    ...own,
  })
  const headOf = async (): Promise<ParkedEvent> => (await state.parkedOf({ ...LINK, key: event().key }, 1))[0]

  it('have an event with one of them at a time, whoever claims first', async () => {
    expect(await old.claim(meant())).to.equal('claimed')
    expect(await stateOf(claim())).to.equal('elsewhere')
    events += 1
    expect(await stateOf(claim())).to.equal('claimed')
    expect(await old.claim(meant())).to.equal('elsewhere')
  })

  it('take over a claim that is over, and refuse whoever had it', async () => {
    await old.claim(meant())
    expect(await stateOf(claim(now + CLAIM_MS + 1))).to.equal('claimed')
    const [[...held]] = await old.say('write-outcome', meant({ bytes: BYTES }))
    expect(held, 'the old one writes no outcome').to.deep.equal([])
    expect(await old.claim(meant({ now: now + 2 * CLAIM_MS + 2 }))).to.equal('claimed')
    const key = { handler: LINK.handler, source: 'elsewhere', id: event().id }
    const refused: unknown = await state
      .commit([{ do: 'write-outcome', key, owner: 'new', outcome: BYTES }])
      .catch((error: unknown) => error)
    expect(refused).to.include({ code: 'CLAIM_LOST' })
  })

  it('store an outcome that the other wrote', async () => {
    await old.claim(meant())
    await old.say('write-outcome', meant({ bytes: BYTES }))
    expect(await claim(now + CLAIM_MS + 1)).to.deep.include({ state: 'outcome', outcome: BYTES })
    events += 1
    await claim()
    await state.commit([{ do: 'write-outcome', key: event(), owner: 'new', outcome: BYTES }])
    expect(await old.claim(meant({ now: now + CLAIM_MS + 1 }))).to.equal('outcome')
  })

  it('know what the other has finished', async () => {
    await old.claim(meant())
    await old.say('finish by its owner', meant())
    expect(await stateOf(claim(now + CLAIM_MS + 1))).to.equal('finished')
    events += 1
    await old.say('finish', meant())
    expect(await stateOf(claim())).to.equal('finished')
    events += 1
    await claim()
    await state.commit([{ do: 'finish', key: event(), at: now, owner: 'new' }])
    expect(await old.claim(meant({ now: now + CLAIM_MS + 1 }))).to.equal('finished')
  })

  it('claim what the other has given back', async () => {
    await old.claim(meant())
    await old.say('release', meant())
    expect(await claim()).to.deep.equal({ state: 'claimed' })
    await state.commit([{ do: 'release', key: event(), owner: 'new' }])
    expect(await old.claim(meant())).to.equal('claimed')
  })

  it('count attempts on what the other has parked, and wait behind it', async () => {
    await old.say('park', meant({ bytes: BYTES, attempts: 2, cause: 'It fails.' }))
    expect(await headOf()).to.deep.include({
      state: 'retry',
      attempts: 2,
      cause: { name: 'Error', message: 'It fails.' },
    })
    const follower = { ...event(), id: `${event().id}-follower` }
    expect((await state.claim([follower], { owner: 'new', now, claimMs: CLAIM_MS }))[0].state).to.equal('behind')
    const head = await headOf()
    await state.commit([{ do: 'repark', place: Number(head.place), event: { ...head, attempts: 3 } }])
    const [[read]] = await old.say('parkedOf', meant())
    expect(Number(read.attempts)).to.equal(3)
    expect(read.event).to.deep.equal(BYTES)
    await old.say('unpark', meant({ place: Number(head.place) }))
    expect(await headOf()).to.equal(undefined)
  })

  it('hold a key for a dead letter of the other, and redrive it', async () => {
    await state.commit([{ do: 'park', event: parked({ state: 'dead', holds: true, attempts: 8 }) }])
    expect(await old.claim(meant())).to.equal('behind')
    const place = Number((await headOf()).place)
    expect((await old.say('deadLetters', meant()))[0].map((row) => Number(row.place))).to.include(place)
    await old.say('redrive', meant({ place }))
    expect(await headOf()).to.include({ state: 'retry', attempts: 0 })
    await old.say('give up', meant({ place, attempts: 9, cause: 'It fails.' }))
    expect(await headOf()).to.include({ state: 'dead', holds: true, attempts: 9 })
    await state.commit([{ do: 'redrive', place, at: now }])
    const [lanes] = await old.say('parkedLanes', meant())
    expect(lanes.map(({ lane }) => lane)).to.include(event().key)
  })

  it('publish what the other has marked, and unmark it for both', async () => {
    const address = `out/${events}`
    await old.say('mark', meant({ address, type: 'Placed', entity: 'Order' }))
    const [mark] = await state.pendingMarks(address, { limit: 10 })
    expect(mark).to.include({ id: event().id, typeName: 'Placed', entityId: event().key, owner: 'old', markedAt: now })
    await state.commit([{ do: 'unmark', address, ids: [mark.id] }])
    expect((await old.say('pendingMarks', meant({ address })))[0]).to.deep.equal([])
    await state.commit([{ do: 'mark-pending', mark: { ...mark, id: 'by-new', owner: 'new' } }])
    await old.say('refuse', meant({ address, id: 'by-new', cause: 'huge' }))
    expect((await state.refusedMarks(100)).find(({ id }) => id === 'by-new')).to.include({
      cause: 'huge',
      owner: 'new',
    })
    await old.say('unrefuse', meant({ address, id: 'by-new' }))
    expect((await old.say('pendingMarks', meant({ address })))[0].map(({ id }) => id)).to.deep.equal(['by-new'])
  })

  it('respect leases and paused links of each other, and go on from its position', async () => {
    const name = `lease-${events}`
    await old.say('lease', meant({ key: name }))
    const lease = { owner: 'new', now, leaseMs: CLAIM_MS }
    expect(await state.lease([name], lease)).to.deep.equal([])
    await old.say('release lease', meant({ key: name }))
    expect(await state.lease([name], lease)).to.deep.equal([name])
    expect((await old.say('lease', meant({ key: name })))[0]).to.deep.equal([])
    await old.say('pause', meant())
    expect(await state.pausedLinks()).to.deep.include(LINK)
    await state.commit([{ do: 'pause-link', ...LINK, paused: false }])
    expect((await old.say('pausedLinks', meant()))[0].filter(({ handler }) => handler === LINK.handler)).to.have.length(
      0
    )
    await old.say('move-position', meant({ key: '41' }))
    expect(await state.position(LINK.address)).to.equal('41')
    await state.commit([{ do: 'move-position', address: LINK.address, position: '42' }])
    expect((await old.say('position', meant()))[0]).to.deep.equal([{ position: '42' }])
  })

  it('is noticed where a column is added to a table of which the earlier version has prepared to read every column', async () => {
    await withClient(server.url, (other) => other.query(`ALTER TABLE ${RECORDED_NAME}.parked ADD COLUMN more TEXT`))
    const read = await old.say('deadLetters', meant()).catch((error: unknown) => error)
    expect(String(read)).to.contain('cached plan must not change result type')
  })
})
