import '../packages/streamers-postgres/test/support/environment'
import { createHash, randomBytes } from 'node:crypto'
import { cp, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb'
import { DatabaseSync } from '@photostructure/sqlite'
import { LocalStreamer } from '@boostercloud/local-streamer'
import { isStreamerError } from '@boostercloud/streamer-connector'
import { DynamoState } from '@boostercloud/streamers-aws'
import { PostgresState } from '@boostercloud/streamers-postgres'
import { startServer } from '@boostercloud/dev-brokers'
import type { Server } from '@boostercloud/dev-brokers'
import { expect } from 'chai'
import { Opened } from '../packages/framework-provider-sql/test/support/opened'
import { openEmbeddedState } from '../packages/streamers/src/state'
import { inTempFolder } from '../packages/streamers/test/support/temp-folder'
import { credentials, owner } from '../packages/streamers-aws/test/support/tables'
import { controlKeys } from '../packages/streamers-aws/src/state/table/keys'
import { orSkip } from './support/or-skip'
import { withClient } from '../packages/streamers-postgres/test/support/with-client'
import { FIXTURES } from './support/restore-dump'

const LATER = 99

/** The files that an earlier version left, and what opens them. */
const FILES: readonly (readonly [
  what: string,
  path: string,
  file: string,
  open: (folder: string) => Promise<unknown>,
])[] = [
  ['an embedded state', 'embedded/booster/streamers/local', 'state.sqlite', openEmbeddedState],
  ['an embedded log', 'embedded/log', 'log.sqlite', (path) => LocalStreamer.with({ path }).poll('finished')],
  [
    'an event store on SQLite',
    'sql/booster/sql/local',
    'store.sqlite',
    (folder) => Opened.with({ folder, url: 'sqlite' }),
  ],
]

describe('a downgrade', function () {
  this.timeout(60_000)

  for (const [what, path, file, open] of FILES) {
    it(`is refused in words, and changes nothing: ${what}`, () =>
      inTempFolder(async (parent) => {
        const folder = join(parent, 'later')
        await cp(join(FIXTURES, path), folder, { recursive: true })
        const database = new DatabaseSync(join(folder, file))
        database.exec(`PRAGMA user_version = ${LATER}`)
        database.close()
        const before = await digestOf(join(folder, file))
        await refused(open(folder), `of version ${LATER}`, folder)
        expect(await digestOf(join(folder, file))).to.equal(before)
      }))
  }

  describe('on PostgreSQL', () => {
    let server: Server
    before(async function () {
      await orSkip(this, async () => (server = await startServer('postgres')))
    })
    after(() => server?.stop())

    it('is refused in words: a state', async () => {
      const schema = `later_${randomBytes(4).toString('hex')}`
      const open = async () => PostgresState.at({ url: server.url, schema }).open(owner)
      await (await open()).close()
      await withClient(server.url, (client) => client.query(`UPDATE ${schema}.streaming_state SET version = ${LATER}`))
      await refused(open(), `of version ${LATER}`, schema)
    })

    it('is refused in words: events and state', async () => {
      const schema = `later_${randomBytes(4).toString('hex')}`
      const open = async () => Opened.with({ url: server.url, schema })
      await (await open()).close()
      await withClient(server.url, (client) => client.query(`UPDATE ${schema}.event_store SET version = ${LATER}`))
      await refused(open(), `of version ${LATER}`, schema)
    })
  })

  describe('on DynamoDB', () => {
    let server: Server
    before(async function () {
      await orSkip(this, async () => (server = await startServer('dynamodb')))
    })
    after(() => server?.stop())

    it('is refused in words', async () => {
      const table = `later-${randomBytes(4).toString('hex')}`
      const at = { endpoint: server.url, region: 'eu-west-1' }
      const open = async () => DynamoState.at({ ...at, table, create: true, client: { credentials } }).open(owner)
      await (await open()).close()
      const client = new DynamoDBClient({ ...at, credentials })
      const { pk, sk } = controlKeys.owner
      await client.send(
        new UpdateItemCommand({
          TableName: table,
          Key: { pk: { S: pk }, sk: { S: sk } },
          UpdateExpression: 'SET layout = :later',
          ExpressionAttributeValues: { ':later': { N: String(LATER) } },
        })
      )
      client.destroy()
      await refused(open(), `layout ${LATER}`, table)
    })
  })
})

/** Says which version it is of, where it is, and what is to be done. */
async function refused(work: Promise<unknown>, version: string, at: string): Promise<void> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown
  )
  expect(isStreamerError(error, 'STORAGE_FOREIGN'), String(error)).to.equal(true)
  expect(String(error)).to.contain(version)
  expect(String(error)).to.contain(at)
  expect(String(error)).to.contain('Nothing was changed. Update this program')
}

async function digestOf(path: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(path))
    .digest('hex')
}
