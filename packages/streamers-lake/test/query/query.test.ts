import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect } from 'chai'
import type { LakeRow, RecordedEvent } from '../../src'
import { recorded } from '../support/events'
import { MadeLake } from '../support/made-lake'

const body = (text: string): Pick<RecordedEvent, 'message'> => ({
  message: { ...recorded(0).message, body: Buffer.from(text) },
})

describe('a query of SQL', function () {
  this.timeout(60_000)

  let made: MadeLake

  before(async () => {
    made = await MadeLake.of(
      [recorded(1), recorded(2, { type: 'PostDeleted', ...body('{"postId":"post-2","large":9007199254740993}') })],
      [
        recorded(3, { id: 'id-1' }),
        recorded(4, { source: 'shop', id: 'id-1' }),
        recorded(5, { id: undefined }),
        recorded(6, { id: undefined, ...body('\u0001no JSON') }),
      ],
      [recorded(7, { ...body('\u0002avro'), data: '{"postId":"decoded"}' })]
    )
  })
  after(async () => made.remove())

  async function rows(sql: string): Promise<LakeRow[]> {
    const found: LakeRow[] = []
    for await (const row of made.lake.query(sql)) found.push(row)
    return found
  }

  const failure = (sql: string): Promise<Error> =>
    rows(sql).then(
      () => Promise.reject(new Error('It was accepted.')),
      (error: unknown) => error as Error
    )

  it('sees each event once in events, by source and id, and each delivery in deliveries', async () => {
    expect(await rows('SELECT position FROM events ORDER BY position')).to.deep.equal(
      [1, 2, 4, 5, 6, 7].map((position) => ({ position }))
    )
    expect(await rows('SELECT count(*) AS n, max(position) AS last FROM deliveries')).to.deep.equal([{ n: 7, last: 7 }])
  })

  it('reads fields of payloads, whatever bytes they travelled as, and loses no number', async () => {
    expect(await rows("SELECT payload->>'postId' AS post FROM events ORDER BY position")).to.deep.equal(
      ['post-1', 'post-2', 'post-4', 'post-5', null, 'decoded'].map((post) => ({ post }))
    )
    expect(await rows('SELECT payload, 9007199254740993 AS n FROM events WHERE position = 2')).to.deep.equal([
      { payload: { postId: 'post-2', large: 9007199254740993n }, n: 9007199254740993n },
    ])
  })

  it('has every column of the files, also where nothing is recorded', async () => {
    const full = await rows('DESCRIBE deliveries')
    const [first] = await rows('SELECT time, recorded_at, attributes FROM events WHERE position = 1')
    expect(first).to.deep.include({
      time: '2026-11-30 12:00:00.123+00',
      attributes: { specversion: '1.0', ':key': null, schemaversion: null, subject: null, time: null },
    })
    const empty = await MadeLake.of()
    const before = made
    try {
      made = empty
      expect(await rows('DESCRIBE deliveries')).to.deep.equal(full)
      expect(await rows('SELECT * FROM events')).to.deep.equal([])
    } finally {
      made = before
      await empty.remove()
    }
  })

  it('writes nothing, and reads nothing but the lake', async () => {
    for (const sql of [
      `COPY (SELECT 1) TO '${made.folder}/segments/1.parquet'`,
      'CREATE TABLE more AS SELECT 1',
      'SET enable_external_access = true',
      "SELECT * FROM read_text('/etc/hostname')",
      'SELECT 1; DROP VIEW events',
      'INSTALL httpfs',
    ]) {
      expect(String(await failure(sql)), sql).to.match(/OPTION_INVALID/)
    }
    expect(await rows('EXPLAIN SELECT 1')).to.have.length(1)
  })

  it('names the package where it is not installed, and the lake is read without it', async () => {
    const script = `
      const Module = require('node:module')
      const load = Module._load
      Module._load = (name, ...more) => {
        if (name === '@duckdb/node-api') throw Object.assign(new Error('Cannot find module'), { code: 'MODULE_NOT_FOUND' })
        return load(name, ...more)
      }
      const lake = require(${JSON.stringify(join(__dirname, '../../dist'))}).Lake.with({ path: ${JSON.stringify(made.folder)} })
      lake.info()
        .then(({ events }) => console.log(events))
        .then(() => lake.query('SELECT 1').next())
        .catch((error) => console.log(error.message))`
    const { stdout } = await promisify(execFile)(process.execPath, ['-e', script])
    expect(stdout).to.match(/^7\n\[PACKAGE_MISSING\] .*npm install @duckdb\/node-api/)
  })

  it('says what the engine refuses', async () => {
    expect(String(await failure('SELECT nonsense FROM events'))).to.match(/OPTION_INVALID.*nonsense/s)
    expect(String(await failure('SELEC 1'))).to.match(/OPTION_INVALID.*syntax error/is)
    expect(String(await failure('SELECT CAST(type AS INTEGER) FROM events'))).to.match(/OPTION_INVALID.*Conversion/is)
  })
})
