import { StreamerError } from '@boostercloud/streamer-connector'
import type { StateOwner } from '@boostercloud/streamers/state'
import type { ClientBase } from 'pg'
import type { SchemaContent } from './content'
import { RIGHTS_HINT } from './storage-error'

/** Which schema, with what in it, for whom, and how it is called in messages. */
export interface Identity {
  readonly content: SchemaContent
  readonly owner: StateOwner
  readonly schema: string
  readonly name: string
}

/** Says whose schema it is and which version its tables have. */
function about(table: string): string {
  return `
  CREATE TABLE ${table} (
    only_row INTEGER NOT NULL PRIMARY KEY CHECK (only_row = 1),
    app TEXT NOT NULL,
    environment TEXT NOT NULL,
    version INTEGER NOT NULL
  )`
}

/**
 * Brings the schema up to date in one transaction; replicas that start at the same time wait for each other. Throws `STORAGE_FOREIGN`, and
 * changes nothing, for a schema of another program, service or later version.
 */
export async function migrate(client: ClientBase, identity: Identity): Promise<void> {
  const { table, migrations } = identity.content
  await client.query('BEGIN')
  try {
    await client.query('SELECT pg_advisory_xact_lock(hashtext($1), hashtext($2))', [table, identity.schema])
    const version = (await currentVersion(client, identity)) ?? (await create(client, identity))
    for (const migration of migrations.slice(version)) await client.query(migration)
    if (version < migrations.length) {
      await client.query(`UPDATE ${table} SET version = $1`, [migrations.length])
    }
    await client.query('COMMIT')
  } catch (thrown) {
    await client.query('ROLLBACK').catch(() => undefined)
    throw thrown
  }
}

/** The version of what is there, undefined if nothing is. */
async function currentVersion(client: ClientBase, identity: Identity): Promise<number | undefined> {
  const { rows } = await client.query<{ relname: string }>(
    `SELECT relname FROM pg_class WHERE relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = $1)`,
    [identity.schema]
  )
  if (rows.length === 0) return undefined
  const { table, migrations } = identity.content
  if (!rows.some(({ relname }) => relname === table)) throw foreign(identity, 'of another program')
  const about = await client.query<{ app: string; environment: string; version: number }>(
    `SELECT app, environment, version FROM ${table}`
  )
  const [{ app, environment, version }] = about.rows
  const { owner } = identity
  if (app !== owner.appName || environment !== owner.environment) {
    throw foreign(identity, `of the service '${app}' in '${environment}'`)
  }
  if (version > migrations.length) {
    throw new StreamerError(
      'STORAGE_FOREIGN',
      `The schema is of version ${version}; this program knows versions up to ${migrations.length}.`,
      {
        at: identity.name,
        hint: 'Nothing was changed. Update this program, which is older than the one that wrote it.',
      }
    )
  }
  return version
}

/** Answers the version of a schema with nothing in it. */
async function create(client: ClientBase, identity: Identity): Promise<number> {
  const { content, schema, owner } = identity
  // Not IF NOT EXISTS, which asks for the right to create also where the schema is there already.
  const { rowCount } = await client.query('SELECT 1 FROM pg_namespace WHERE nspname = $1', [schema])
  if (rowCount === 0) await client.query(`CREATE SCHEMA ${schema}`)
  await requireRights(client, identity)
  await client.query(about(content.table))
  await client.query(`INSERT INTO ${content.table} VALUES (1, $1, $2, 0)`, [owner.appName, owner.environment])
  return 0
}

/** PostgreSQL itself passes over a schema that this user may not use, and then says that there is none. */
async function requireRights(client: ClientBase, { content, schema, name }: Identity): Promise<void> {
  const { rows } = await client.query<{ may: boolean }>(
    `SELECT has_schema_privilege($1, 'USAGE') AND has_schema_privilege($1, 'CREATE') AS may`,
    [schema]
  )
  if (rows[0].may) return
  const what = `The database of ${content.purpose} refuses this user a right: permission denied for schema ${schema}.`
  throw new StreamerError('STORAGE_UNAVAILABLE', what, { at: name, hint: RIGHTS_HINT })
}

function foreign({ name }: Identity, whose: string): StreamerError {
  return new StreamerError('STORAGE_FOREIGN', `The schema is ${whose}.`, {
    at: name,
    hint: "Nothing was changed. Leave the option 'schema' out, or use another schema.",
  })
}
