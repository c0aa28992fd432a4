import './support/environment'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describeWithServer } from '@boostercloud/dev-brokers'
import { expect } from 'chai'
import { Mortals } from '../../streamers/test/support/mortals'
import type { MortalNote } from '../../streamers/test/support/mortals'
import { PostgresState } from '../src'
import { freshSchema, owner } from './support/schema'

const NOTES: readonly MortalNote[] = [
  { key: 'a', n: 1 },
  { key: 'b', n: 2, ends: 'exit' },
  { key: 'b', n: 3 },
  { key: 'c', n: 4 },
]

describe('an event that ends its process, with replicas on PostgreSQL', function () {
  this.timeout(400_000)

  describeWithServer('postgres', (server) => {
    it('is a dead letter after five runs alone in whatever replica; its neighbors are handled once', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'deaths-'))
      const options = { url: server().url, schema: freshSchema(), poolSize: 3 }
      const state = { from: __filename, module: '@boostercloud/streamers-postgres', name: 'PostgresState', options }
      const order = { links: { 'log/notes': ['Handler'] }, mortal: 'Handler', claimMs: 1_500, state }
      const mortals = new Mortals(folder, order)
      try {
        await mortals.publish(NOTES)
        const isOver = (): boolean =>
          mortals.witnessed.some(({ what }) => what === 'dead') &&
          [1, 4].every((n) => mortals.numbers('end').includes(n))
        const deaths = await mortals.competeUntil(isOver, 2, 12)
        expect(deaths).to.be.within(6, 7)
        expect(mortals.numbers('end').sort()).to.deep.equal([1, 4])
        const opened = await PostgresState.at(options).open(owner)
        const letters = await opened.deadLetters(10).finally(() => opened.close())
        expect(letters.map(({ id, cause }) => `${id} ${cause?.code}`)).to.deep.equal(['b-2 PROCESS_ENDED'])
      } finally {
        await mortals.end()
        await rm(folder, { recursive: true, force: true })
      }
    })
  })
})
