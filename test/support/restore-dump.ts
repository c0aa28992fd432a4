import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { withClient } from '../../packages/streamers-postgres/test/support/with-client'
import { RECORDED_NAME } from '../upgrade/shop'
import type { Kind } from '../upgrade/shop'

/** What an earlier version has left. */
export const FIXTURES = join(__dirname, '..', 'upgrade', 'fixtures')

/** Makes the schema that an earlier version left in PostgreSQL, in place of what is there. */
export async function restoreDump(connectionString: string, kind: Kind): Promise<void> {
  await withClient(connectionString, async (client) => {
    await client.query(`DROP SCHEMA IF EXISTS ${RECORDED_NAME} CASCADE`)
    await client.query(await readFile(join(FIXTURES, kind, 'dump.sql'), 'utf8'))
  })
}
