import type { Remains } from '@boostercloud/streamers/state'
import type { ClientBase } from 'pg'

/** The tables that have payloads of events by their keys. */
const TABLES = ['parked', 'timers']
/** Milliseconds that each of them is waited for: as long, the service waits for it too. */
const LOCK_WITHIN_MS = 5_000
/** `lock_not_available` and `query_canceled`. */
const WAITED = ['55P03', '57014']

/**
 * Writes the tables that have payloads anew, without their dead rows, and answers where their bytes may still be. PostgreSQL keeps what it has
 * written in its write-ahead log until that is recycled, and in what was made of that.
 */
export async function shred(client: ClientBase, name: string): Promise<readonly Remains[]> {
  return [...(await rewritten(client)), await logged(client, name)]
}

async function rewritten(client: ClientBase): Promise<readonly Remains[]> {
  await client.query(`SET lock_timeout = ${LOCK_WITHIN_MS}`)
  try {
    const before = await filesOf(client)
    await client.query(`VACUUM (FULL) ${TABLES.join(', ')}`)
    const after = await filesOf(client)
    // PostgreSQL only warns of a table that the user may not write anew.
    const left = TABLES.filter((_, n) => after[n] === before[n])
    if (left.length > 0) return [notRewritten(left, 'this user does not own them')]
    const oldest = await oldestTransaction(client)
    return oldest === undefined ? [] : [stillSeen(oldest)]
  } catch (error) {
    const { code, message } = error as Error & { code?: string }
    if (code === undefined || !(WAITED.includes(code) || code === '42501')) throw error
    return [notRewritten(TABLES, code === '42501' ? message : 'other transactions held them the whole time')]
  } finally {
    await client.query('RESET lock_timeout').catch(() => undefined)
  }
}

/** The files that the tables are in, by number. A table that is written anew is in another one. */
async function filesOf(client: ClientBase): Promise<unknown[]> {
  const files = TABLES.map((table) => `pg_relation_filenode('${table}')`).join(', ')
  const { rows } = await client.query<{ files: unknown[] }>(`SELECT ARRAY[${files}] AS files`)
  return rows[0].files
}

/** What a transaction that began before may still see is not taken away. */
async function oldestTransaction(client: ClientBase): Promise<number | undefined> {
  const { rows } = await client.query<{ pid: number }>(
    `SELECT pid FROM pg_stat_activity
     WHERE backend_xmin IS NOT NULL AND datname = current_database() AND pid <> pg_backend_pid() ORDER BY xact_start LIMIT 1`
  )
  return rows[0]?.pid
}

function stillSeen(pid: number): Remains {
  return {
    what: `The tables ${named(TABLES)} may still have what was removed: a transaction of server process ${pid} may see it.`,
    hint: 'Run the command again when that transaction has ended.',
    again: true,
  }
}

function notRewritten(tables: readonly string[], why: string): Remains {
  return {
    what: `The removed rows of ${named(tables)} are still on the disk: ${why}.`,
    hint: `Run the command again, or VACUUM (FULL) ${tables.join(', ')} as the owner of the tables.`,
    again: true,
  }
}

function named(tables: readonly string[]): string {
  return tables.map((table) => `"${table}"`).join(' and ')
}

async function logged(client: ClientBase, name: string): Promise<Remains> {
  const { rows } = await client.query<{ mode: string }>(`SELECT current_setting('archive_mode') AS mode`)
  const archive = rows[0]?.mode === 'off' ? '' : ' its archive (archive_mode is on),'
  return {
    what: `The write-ahead log of ${name},${archive} its replicas' logs and backups made so far still have what was removed.`,
    hint: 'The log is recycled as checkpoints go by (CHECKPOINT, pg_switch_wal()); archives and backups expire as you have configured.',
    again: false,
  }
}
