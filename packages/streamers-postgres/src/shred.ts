import type { Remains } from '@boostercloud/streamers/state'
import type { ClientBase } from 'pg'

/** Milliseconds that the table of what is parked is waited for: as long, the service waits for it too. */
const LOCK_WITHIN_MS = 5_000
/** `lock_not_available` and `query_canceled`. */
const WAITED = ['55P03', '57014']

/**
 * Writes the table of what is parked anew, without its dead rows, and answers where their bytes may still be. PostgreSQL keeps what it has
 * written in its write-ahead log until that is recycled, and in what was made of that.
 */
export async function shred(client: ClientBase, name: string): Promise<readonly Remains[]> {
  return [...(await rewritten(client)), await logged(client, name)]
}

async function rewritten(client: ClientBase): Promise<readonly Remains[]> {
  await client.query(`SET lock_timeout = ${LOCK_WITHIN_MS}`)
  try {
    await client.query('VACUUM (FULL) parked')
    const oldest = await oldestTransaction(client)
    return oldest === undefined ? [] : [stillSeen(oldest)]
  } catch (error) {
    const { code, message } = error as Error & { code?: string }
    if (code === undefined || !(WAITED.includes(code) || code === '42501')) throw error
    return [notRewritten(code === '42501' ? message : 'other transactions held it the whole time')]
  } finally {
    await client.query('RESET lock_timeout').catch(() => undefined)
  }
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
    what: `The table "parked" may still have what was removed: a transaction of server process ${pid} may see it.`,
    hint: 'Run the command again when that transaction has ended.',
    again: true,
  }
}

function notRewritten(why: string): Remains {
  return {
    what: `The table "parked" still has the removed rows on the disk: ${why}.`,
    hint: 'Run the command again, or VACUUM (FULL) parked as the owner of the table.',
    again: true,
  }
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
