import { Client } from 'pg'
import type { ResolvedOptions } from '../options'

/** Milliseconds until a lost connection is made anew. */
const AGAIN_MS = 500

/** A connection on which PostgreSQL tells of what other processes have written. Where it is lost it is made anew. */
export class PostgresListener {
  private client?: Client
  private again?: NodeJS.Timeout
  private isClosed = false

  public constructor(
    private readonly options: ResolvedOptions & { readonly url: string },
    private readonly told: () => void
  ) {}

  /** Listens. What was told while there was no connection is told once there is one. */
  public async start(): Promise<void> {
    const { url, ssl, schema } = this.options
    const client = new Client({ connectionString: url, ssl, keepAlive: true, application_name: 'booster-listener' })
    client.on('notification', this.told)
    client.on('error', () => undefined)
    client.on('end', () => this.lost(client))
    try {
      await client.connect()
      await client.query(`LISTEN ${client.escapeIdentifier(schema)}`)
    } catch (error) {
      await client.end().catch(() => undefined)
      throw error
    }
    this.client = client
    this.told()
  }

  public async close(): Promise<void> {
    this.isClosed = true
    clearTimeout(this.again)
    await this.client?.end()
  }

  private lost(client: Client): void {
    if (this.isClosed || client !== this.client) return
    this.client = undefined
    this.tryAgain()
  }

  private tryAgain(): void {
    if (this.isClosed) return
    this.again = setTimeout(() => void this.start().catch(() => this.tryAgain()), AGAIN_MS).unref()
  }
}
