import type { StreamerLogger } from '@boostercloud/streamer-connector'
import type { Database, SqlStatement } from '../database/database'
import { sql } from '../sql'

/** Gives a message to a connection of this process. Rejects where it has none of that id. */
export type Send = (connectionId: string, data: unknown) => Promise<void>

/** Milliseconds after which a message whose process did not come for it is forgotten. */
const FORGOTTEN_MS = 60_000

/** What is sent to websockets: here where this process has the connection, else by way of the database to the process that has it. */
export class Messages {
  private readonly own = new Set<string>()
  private delivering: Promise<void> = Promise.resolve()

  public constructor(
    private readonly database: Database,
    private readonly sendHere: Send,
    private readonly log: StreamerLogger
  ) {}

  /** A connection was made in this process. */
  public opened(connectionId: string): void {
    this.own.add(connectionId)
  }

  /** It is no longer there. */
  public closed(connectionId: string): void {
    this.own.delete(connectionId)
  }

  public async send(connectionId: string, data: unknown): Promise<void> {
    try {
      await this.sendHere(connectionId, data)
    } catch (error) {
      if (this.own.has(connectionId) || !this.database.tell) {
        this.log.info(`The connection ${connectionId} is gone. A message to it is dropped.`, error)
        return
      }
      await this.database.tell(messageTo(connectionId, data))
    }
  }

  /** Begins to give out what other processes send. */
  public async listen(): Promise<void> {
    await this.database.listen?.({
      told: () => this.deliverNext(),
      deaf: (error) =>
        this.log.warn(
          'Messages of other processes to websockets wait until the database can be listened to again.',
          error
        ),
    })
  }

  private deliverNext(): void {
    this.delivering = this.delivering
      .then(() => this.deliver())
      .catch((error: unknown) => {
        this.log.warn(
          'Messages of other processes to websockets were not read. They are read with the next ones.',
          error
        )
      })
  }

  private async deliver(): Promise<void> {
    if (this.own.size === 0) return
    const ids = JSON.stringify([...this.own].map((id) => [id]))
    const [messages] = await this.database.transaction([
      sql(
        `DELETE FROM messages WHERE ${this.database.dialect.isAmongKeys('connection_id')}
         RETURNING place, connection_id, data`,
        ids
      ),
      sql('DELETE FROM messages WHERE sent_at < ?1', Date.now() - FORGOTTEN_MS),
    ])
    const inOrder = [...messages].sort((one, other) => Number(one.place) - Number(other.place))
    for (const { connection_id, data } of inOrder) {
      await this.sendHere(String(connection_id), JSON.parse(String(data)))
    }
  }
}

function messageTo(connectionId: string, data: unknown): SqlStatement {
  return sql(
    'INSERT INTO messages (connection_id, data, sent_at) VALUES (?1, ?2, ?3)',
    connectionId,
    JSON.stringify(data),
    Date.now()
  )
}
