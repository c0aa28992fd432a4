import './support/environment'
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb'
import { describeWithServer } from '@boostercloud/dev-brokers'
import { expect } from 'chai'
import { parked } from '../../streamers/test/support/records'
import { Committer } from '../src/state/commit/commit'
import { DynamoTable } from '../src/state/table/dynamo-table'
import { credentials, freshState, owner } from './support/tables'

const [DAY_MS, NOW] = [86_400_000, Date.UTC(2040, 0, 31, 12)]
const YEAR_MS = 365 * DAY_MS

/** The table as it is for a machine whose clock is a year back. */
class TableOfTheFuture extends DynamoTable {
  public override get aheadMs(): number {
    return YEAR_MS
  }
}

describe('a clock that is wrong, with DynamoDB', function () {
  this.timeout(120_000)

  it("is told by DynamoDB's answers, from five minutes on", () => {
    const aheadMs = (systemClockOffset: number): number =>
      new DynamoTable(new DynamoDBClient({ region: 'eu-west-1', credentials, systemClockOffset }), 't').aheadMs
    expect([aheadMs(YEAR_MS), aheadMs(-300_000), aheadMs(299_999), aheadMs(0)]).to.deep.equal([YEAR_MS, -300_000, 0, 0])
  })

  describeWithServer('dynamodb', (server) => {
    it("has nothing expire before its time, which is by DynamoDB's clock", async () => {
      const provider = freshState(server().url)
      const state = await provider.open(owner)
      const client = new DynamoDBClient({ endpoint: server().url, region: 'eu-west-1', credentials })
      try {
        const table = new TableOfTheFuture(client, state.name)
        const committer = new Committer(table, { inboxMs: 14 * DAY_MS, deadLetterMs: 30 * DAY_MS })
        const lastAt = NOW - YEAR_MS
        await committer.commit([
          { do: 'finish', key: { handler: 'H', source: 's', id: 'e1' }, at: lastAt },
          { do: 'park', event: parked({ id: 'e2', state: 'dead', lastAt }) },
        ])
        const { Items = [] } = await client.send(new ScanCommand({ TableName: state.name }))
        const expiring = Items.flatMap(({ expiresAt }) =>
          expiresAt?.N === undefined ? [] : [Number(expiresAt.N) * 1_000]
        )
        expect(expiring.sort()).to.deep.equal([NOW + 14 * DAY_MS, NOW + 30 * DAY_MS])
      } finally {
        client.destroy()
        await state.close()
      }
    })
  })
})
