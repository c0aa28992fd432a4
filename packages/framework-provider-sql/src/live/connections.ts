import type { ConnectionDataEnvelope, SubscriptionEnvelope } from '@boostercloud/framework-types'
import type { Database } from '../database/database'
import { sql } from '../sql'

/** Who is connected by a websocket, and what they have subscribed to. */
export class Connections {
  public constructor(private readonly database: Database) {}

  public async subscribe(envelope: SubscriptionEnvelope): Promise<void> {
    const { connectionID, className, expirationTime, operation } = envelope
    await this.database.transaction([
      sql(
        `INSERT INTO subscriptions (connection_id, id, class_name, expires_at, envelope) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (connection_id, id) DO UPDATE SET
           class_name = excluded.class_name, expires_at = excluded.expires_at, envelope = excluded.envelope`,
        connectionID,
        operation.id ?? '',
        className,
        expirationTime,
        JSON.stringify(envelope)
      ),
    ])
  }

  /** Those to a read model that have not expired. */
  public async subscriptions(className: string): Promise<SubscriptionEnvelope[]> {
    const rows = await this.database.query(
      sql(
        `SELECT envelope FROM subscriptions WHERE class_name = ?1 AND expires_at > ?2 ORDER BY connection_id, id`,
        className,
        nowInSeconds()
      )
    )
    return rows.map(({ envelope }) => JSON.parse(String(envelope)) as SubscriptionEnvelope)
  }

  /** Whether anybody has subscribed to anything. */
  public async hasSubscriptions(): Promise<boolean> {
    const rows = await this.database.query(sql('SELECT 1 AS one FROM subscriptions LIMIT 1'))
    return rows.length > 0
  }

  /** Without an id: all of a connection. */
  public async unsubscribe(connectionId: string, id?: string): Promise<void> {
    await this.database.transaction([
      id === undefined
        ? sql('DELETE FROM subscriptions WHERE connection_id = ?1', connectionId)
        : sql('DELETE FROM subscriptions WHERE connection_id = ?1 AND id = ?2', connectionId, id),
    ])
  }

  public async store(id: string, data: ConnectionDataEnvelope): Promise<void> {
    await this.database.transaction([
      sql(
        `INSERT INTO connections (id, expires_at, data) VALUES (?1, ?2, ?3)
         ON CONFLICT (id) DO UPDATE SET expires_at = excluded.expires_at, data = excluded.data`,
        id,
        data.expirationTime,
        JSON.stringify(data)
      ),
    ])
  }

  public async data(id: string): Promise<ConnectionDataEnvelope | undefined> {
    const [row] = await this.database.query(sql('SELECT data FROM connections WHERE id = ?1', id))
    return row && (JSON.parse(String(row.data)) as ConnectionDataEnvelope)
  }

  public async delete(id: string): Promise<void> {
    await this.database.transaction([sql('DELETE FROM connections WHERE id = ?1', id)])
  }

  /** Forgets what has expired; of a database of one process, also what the process before has left, as no connection outlives it. */
  public async clean(): Promise<void> {
    const before = this.database.shared ? nowInSeconds() : Number.MAX_SAFE_INTEGER
    await this.database.transaction([
      sql('DELETE FROM subscriptions WHERE expires_at < ?1', before),
      sql('DELETE FROM connections WHERE expires_at < ?1', before),
    ])
  }
}

function nowInSeconds(): number {
  return Math.floor(Date.now() / 1_000)
}
