import './support/environment'
import { isStreamerError } from '@boostercloud/streamer-connector'
import { describeWithServer } from '@boostercloud/dev-brokers'
import type { StateStore } from '@boostercloud/streamers/state'
import { expect } from 'chai'
import { mark } from '../../streamers/test/support/records'
import { resolveOptions } from '../src/options'
import { makePool } from '../src/pool'
import { freshSchema, freshState, owner } from './support/schema'

const EVENTS = 1_000
const event = (n: number): { handler: string; source: string; id: string; address: string; key: string } => ({
  handler: 'H',
  source: 's',
  id: `e${n}`,
  address: 'main/posts',
  key: `k${n % 50}`,
})
const chunks = <T>(all: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, n) => all.slice(n * size, (n + 1) * size))

describe('PostgreSQL state under competition', function () {
  this.timeout(120_000)

  describeWithServer('postgres', (server) => {
    const opened: StateStore[] = []
    const replicas = async (count: number, schema = freshSchema()): Promise<StateStore[]> => {
      const provider = freshState(server().url, { schema })
      const states = await Promise.all(Array.from({ length: count }, () => provider.open(owner)))
      opened.push(...states)
      return states
    }
    afterEach(async () => {
      await Promise.all(opened.splice(0).map((state) => state.close()))
    })

    it('lets each event be claimed by one, whatever the order in which they ask', async () => {
      const states = await replicas(3)
      const all = Array.from({ length: EVENTS }, (_, n) => event(n))
      const orders = [all, [...all].reverse(), all]
      const claimed = await Promise.all(
        states.map(async (state, replica) => {
          const ids: string[] = []
          for (const batch of chunks(orders[replica], 40)) {
            const claims = await state.claim(batch, { owner: `r${replica}`, now: 1_000, claimMs: 500 })
            claims.forEach((claim, n) => claim.state === 'claimed' && ids.push(batch[n].id))
          }
          return ids
        })
      )
      expect(claimed.flat().sort()).to.deep.equal(all.map(({ id }) => id).sort())
      expect(claimed.filter((ids) => ids.length > 0).length, 'those who got some').to.be.greaterThan(1)
    })

    it('gives each lease to one, also while it passes from hand to hand', async () => {
      const states = await replicas(3)
      const names = Array.from({ length: 16 }, (_, n) => `slot:${n}`)
      for (let now = 0; now < 1_000; now += 100) {
        const held = await Promise.all(
          states.map((state, replica) => state.lease(names, { owner: `r${replica}`, now, leaseMs: 100 }))
        )
        expect(held.flat().sort()).to.deep.equal([...names].sort())
      }
    })

    it('takes one outcome where two claim to have it, and nothing of the other', async () => {
      const [a, b] = await replicas(2)
      const all = Array.from({ length: 100 }, (_, n) => event(n))
      await a.claim(all, { owner: 'a', now: 0, claimMs: 100 })
      const finish = async (state: StateStore, who: string, key: (typeof all)[0]): Promise<string> => {
        const [claim] = await state.claim([key], { owner: who, now: 100, claimMs: 100 })
        const pending = { do: 'mark-pending', mark: mark({ id: `${key.id} by ${who}` }) } as const
        const outcome = { do: 'write-outcome', key, owner: who, outcome: new Uint8Array([1]) } as const
        return state.commit([pending, outcome]).then(
          () => `${key.id} by ${who}`,
          (error: unknown) => {
            expect(isStreamerError(error, 'CLAIM_LOST'), String(error)).to.equal(true)
            expect(claim.state).not.to.equal('claimed')
            return ''
          }
        )
      }
      const done = await Promise.all(all.flatMap((key) => [finish(a, 'a', key), finish(b, 'b', key)]))
      const won = done.filter(Boolean)
      expect(won).to.have.length(100)
      const marks = await a.pendingMarks('main/posts', { limit: 500 })
      expect(marks.map(({ id }) => id).sort()).to.deep.equal(won.sort())
    })

    it('is not held up by a process that stops in the middle of a transaction', async () => {
      const schema = freshSchema()
      const [state] = await replicas(1, schema)
      const pool = makePool(resolveOptions({ url: server().url, poolSize: 1 }), schema)
      const stopped = await pool.connect()
      await stopped.query('BEGIN')
      await stopped.query(
        `INSERT INTO inbox (handler, source, id, state, owner, claimed_until, at)
         VALUES ('H', 's', 'e1', 'claimed', 'stopped', 9999, 0)`
      )
      const [claim] = await state.claim([event(1)], { owner: 'r', now: 0, claimMs: 100 })
      expect(claim.state).to.equal('claimed')
      stopped.release(true)
      await pool.end()
    })

    it('has every commit that resolved, and none by half, after the server was killed', async function () {
      if (server().way === 'environment') this.skip()
      const [state, other] = await replicas(2)
      const resolved = new Set<number>()
      let failed = 0
      let next = 0
      let over = false
      const worker = async (each: StateStore): Promise<void> => {
        while (!over) {
          const n = next++
          const halves = ['left', 'right'].map((side) => mark({ id: `${n}`, address: `main/${side}` }))
          await each.commit(halves.map((half) => ({ do: 'mark-pending', mark: half }))).then(
            () => resolved.add(n),
            (error: unknown) => {
              failed += 1
              expect(isStreamerError(error, 'STORAGE_UNAVAILABLE') && error.retryable, String(error)).to.equal(true)
              return new Promise((resolve) => setTimeout(resolve, 20))
            }
          )
        }
      }
      const atLeast = async (count: number): Promise<void> => {
        const before = resolved.size
        while (resolved.size < before + count) await new Promise((resolve) => setTimeout(resolve, 5))
      }
      const working = Promise.all([state, other, state, other].map(worker))
      for (let kills = 0; kills < 3; kills += 1) {
        await atLeast(30)
        await server().kill()
        await server().restart()
      }
      await atLeast(30)
      over = true
      await working
      const [left, right] = await Promise.all(
        ['main/left', 'main/right'].map(async (address) => state.pendingMarks(address, { limit: 100_000 }))
      )
      expect(left.map(({ id }) => id).sort()).to.deep.equal(right.map(({ id }) => id).sort())
      const kept = new Set(left.map(({ id }) => Number(id)))
      expect([...resolved].filter((n) => !kept.has(n))).to.deep.equal([])
      expect(failed, 'commits that met the outage').to.be.greaterThan(0)
    })
  })
})
