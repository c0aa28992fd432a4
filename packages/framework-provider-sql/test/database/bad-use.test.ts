import '../support/environment'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describeWithServer } from '@boostercloud/dev-brokers'
import type { BoosterConfig } from '@boostercloud/framework-types'
import { openSqlite } from '@boostercloud/streamer-sqlite'
import type { OpenSqliteOptions } from '@boostercloud/streamer-sqlite'
import { expect } from 'chai'
import type { Client } from 'pg'
import { takeAll } from '../../../streamers-postgres/test/support/take-all'
import { withClient } from '../../../streamers-postgres/test/support/with-client'
import { inTempFolder } from '../../../streamers/test/support/temp-folder'
import type { Database } from '../../src/database/database'
import { STORE_FILE, openDatabase } from '../../src/database/open'
import { optionsOf } from '../../src/options'
import type { SqlProviderOptions } from '../../src/options'
import { isFirst } from '../../src/schedule'

const OWNER = { appName: 'shop', environment: 'test' }

describe('a database that is not what it should be', () => {
  it('is refused as a file of another program, and left as it is', async () => {
    await inTempFolder(async (folder) => {
      await writeFile(join(folder, STORE_FILE), 'a letter to my aunt\n'.repeat(100))
      expect(await refused({ folder })).to.match(/STORAGE_FOREIGN.*store\.sqlite/s)
      expect(await readFile(join(folder, STORE_FILE), 'utf8')).to.match(/^a letter/)
    })
  })

  it('is refused as a file of another SQLite program', async () => {
    await inTempFolder(async (folder) => {
      const other = {
        path: join(folder, STORE_FILE),
        applicationId: 7,
        migrations: ['CREATE TABLE a (b)'],
        purpose: 'x',
      }
      await makeWhole(other)
      await isLeftAsItIs(folder, /STORAGE_FOREIGN.*store\.sqlite.*Nothing was changed/s)
    })
  })

  it('is refused as a file of a later version', async () => {
    await inTempFolder(async (folder) => {
      await (await open({ folder })).close()
      const later = {
        applicationId: 0x42537072,
        migrations: [...Array<string>(99).fill(''), 'CREATE TABLE a (b)'],
        purpose: 'x',
      }
      await makeWhole({ path: join(folder, STORE_FILE), ...later })
      await isLeftAsItIs(folder, /STORAGE_FOREIGN.*version.*store\.sqlite.*Update/s)
    })
  })

  it('is refused where its folder is a file', async () => {
    await inTempFolder(async (folder) => {
      await writeFile(join(folder, 'plain'), '')
      expect(await refused({ folder: join(folder, 'plain') })).to.match(/STORAGE_UNAVAILABLE/)
    })
  })

  for (const [option, options] of Object.entries({
    url: { url: 'mysql://localhost/shop' },
    synchronous: { synchronous: 'OFF' },
    dispatch: { dispatch: 'never' },
    indexes: { indexes: { Post: [`a'b`] } },
    speed: { speed: 'high' },
  })) {
    it(`is not looked for where the option ${option} makes no sense`, () => {
      expect(() => optionsOf(config(options as SqlProviderOptions))).to.throw(new RegExp(`OPTION_INVALID.*'${option}'`))
    })
  }

  it('never has its password shown', () => {
    expect(() => optionsOf(config({ url: 'mysql://me:secret@localhost/shop' }))).to.throw(/^(?!.*secret)/)
  })

  it('is the one of the variable DATABASE_URL, unless the options name another', () => {
    const environment = { DATABASE_URL: 'postgres://localhost/shop' }
    expect(optionsOf(config({}), environment).url).to.equal(environment.DATABASE_URL)
    expect(optionsOf(config({ url: 'sqlite' }), environment).url).to.equal(undefined)
    expect(optionsOf(config({}), { DATABASE_URL: '' }).url).to.equal(undefined)
  })

  it('gives a scheduled command to the first who asks for its time', async () => {
    await inTempFolder(async (folder) => {
      const database = await open({ folder })
      const asked = [1_000, 1_000, 2_000, 1_000].map(async (at) => isFirst(database, 'Tick', new Date(at)))
      expect(await Promise.all(asked)).to.deep.equal([true, false, true, false])
      await database.close()
    })
  })

  it('uses the index of a field that the options name', async () => {
    await inTempFolder(async (folder) => {
      const database = await open({ folder, indexes: { Post: ['author.name'] } })
      const plan = await database.query({
        sql: `EXPLAIN QUERY PLAN SELECT id FROM read_models WHERE type = ?1 AND ${database.dialect
          .field(['author', 'name'])
          .isText('?2')}`,
        values: ['Post', 'Ann'],
      })
      expect(JSON.stringify(plan)).to.match(/USING INDEX read_models_by_\w+ \(type=\? AND <expr>=\?\)/)
      await database.close()
    })
  })

  describeWithServer('postgres', (server) => {
    it('is refused as a schema of another program', async () => {
      await withClient(server().url, async (client) => {
        await client.query('CREATE SCHEMA of_others; CREATE TABLE of_others.things (a INTEGER)')
        expect(await refused({ url: server().url, schema: 'of_others' })).to.match(/STORAGE_FOREIGN.*of_others/s)
      })
    })

    it('is refused as that of another service', async () => {
      const options = { url: server().url, schema: 'of_one' }
      await (await open(options)).close()
      const other: unknown = await openDatabase(optionsOf(config(options)), { ...OWNER, appName: 'bakery' }).catch(
        (error: unknown) => error
      )
      expect(String(other)).to.match(/STORAGE_FOREIGN.*'shop'/s)
    })

    it('is refused as a schema of a later version', async () => {
      const options = { url: server().url, schema: 'of_tomorrow' }
      await (await open(options)).close()
      await withClient(server().url, async (client) => {
        await client.query('UPDATE of_tomorrow.event_store SET version = 99')
        expect(await refused(options)).to.match(/STORAGE_FOREIGN.*version 99.*of_tomorrow.*Update/s)
        const { rows } = await client.query('SELECT version FROM of_tomorrow.event_store')
        expect(rows).to.deep.equal([{ version: 99 }])
      })
    })

    it('is refused where its user has no rights', async () => {
      await withClient(server().url, async (client) => {
        await client.query(`CREATE ROLE nobody_here LOGIN PASSWORD 'secret'`)
        const url = new URL(server().url)
        url.username = 'nobody_here'
        url.password = 'secret'
        const text = await refused({ url: url.href })
        expect(text)
          .to.match(/STORAGE_UNAVAILABLE.*event store refuses this user/s)
          .and.not.include('secret')
      })
    })

    it('uses the index of a field that the options name', async () => {
      const options = { url: server().url, schema: 'indexed', indexes: { Post: ['author.name'] } }
      const database = await open(options)
      const [{ count }] = await database.query({
        sql: `SELECT count(*) AS count FROM pg_indexes WHERE schemaname = 'indexed' AND indexname LIKE 'read_models_by%'`,
        values: [],
      })
      expect(Number(count)).to.equal(1)
      await database.close()
    })
  })

  describeWithServer(
    'postgres',
    (server) => {
      it('is refused where the server is out of connections, with what to do', async () => {
        const taken: Client[] = []
        try {
          await takeAll(server().url, taken)
          expect(await refused({ url: server().url, schema: 'too_late' })).to.match(
            /STORAGE_UNAVAILABLE.*event store does not accept more connections.*Raise max_connections/s
          )
        } finally {
          await Promise.all(taken.map((client) => client.end()))
        }
      })
    },
    { settings: { max_connections: '10' } }
  )

  it('is refused where nobody answers', async () => {
    expect(await refused({ url: 'postgres://127.0.0.1:9/shop' })).to.match(/STORAGE_UNAVAILABLE.*127\.0\.0\.1:9/s)
  })
})

/** Makes a file, or brings it up to date, and has its log written back: the engine does that some time after the end, with its garbage. */
async function makeWhole(options: OpenSqliteOptions): Promise<void> {
  const file = await openSqlite(options)
  file.read('PRAGMA wal_checkpoint(TRUNCATE)')
  await file.close()
}

/** The file is refused, and not a byte of it changes. */
async function isLeftAsItIs(folder: string, says: RegExp): Promise<void> {
  const before = await readFile(join(folder, STORE_FILE))
  expect(await refused({ folder })).to.match(says)
  expect((await readFile(join(folder, STORE_FILE))).equals(before)).to.equal(true)
}

function config(sqlProvider: SqlProviderOptions): BoosterConfig {
  return { appName: OWNER.appName, environmentName: OWNER.environment, sqlProvider } as BoosterConfig
}

async function open(options: SqlProviderOptions): Promise<Database> {
  return openDatabase(optionsOf(config(options), {}), OWNER)
}

/** What opening is refused with. */
async function refused(options: SqlProviderOptions): Promise<string> {
  return open(options).then(
    async (database) => {
      await database.close()
      return 'opened'
    },
    (error: unknown) => String(error)
  )
}
