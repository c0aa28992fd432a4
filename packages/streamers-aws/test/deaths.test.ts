import './support/environment'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describeWithServer } from '@boostercloud/dev-brokers'
import { expect } from 'chai'
import { Mortals } from '../../streamers/test/support/mortals'
import type { MortalNote } from '../../streamers/test/support/mortals'
import { DynamoState } from '../src'
import { credentials, owner } from './support/tables'

const NOTES: readonly MortalNote[] = [
  { key: 'a', n: 1 },
  { key: 'b', n: 2, ends: 'exit' },
  { key: 'c', n: 3 },
]

describe('an event that ends the function that is called with it, on DynamoDB', function () {
  this.timeout(400_000)

  describeWithServer('dynamodb', (server) => {
    it('is a dead letter after five runs alone; its neighbors are handled', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'deaths-'))
      const table = `deaths-${Date.now()}`
      const options = { endpoint: server().url, region: 'eu-west-1', table, create: true, client: { credentials } }
      const state = { from: __filename, module: '@boostercloud/streamers-aws', name: 'DynamoState', options }
      const order = { links: {}, mortal: 'Handler', claimMs: 300, pushed: NOTES, state }
      const mortals = new Mortals(folder, order)
      try {
        const isOver = (): boolean =>
          mortals.witnessed.some(({ what }) => what === 'dead') &&
          [1, 3].every((n) => mortals.numbers('end').includes(n))
        await mortals.dieUntil(isOver, 20)
        // A call whose time is over ends its process behind a handler: its code may run again.
        expect([...new Set(mortals.numbers('end'))].sort()).to.deep.equal([1, 3])
        const opened = await DynamoState.at(options).open(owner)
        const letters = await opened.deadLetters(10).finally(() => opened.close())
        expect(letters.map(({ id, cause }) => `${id} ${cause?.code}`)).to.deep.equal(['b-2 PROCESS_ENDED'])
      } finally {
        await mortals.end()
        await rm(folder, { recursive: true, force: true })
      }
    })
  })
})
