import { clientWith } from '@boostercloud/streamers-postgres'
import type { Client, ClientConfig } from 'pg'
import type { ResolvedOptions } from '../options'
import type { Listening } from './database'

/** Milliseconds until a lost connection is made anew. */
const AGAIN_MS = 500
/** Milliseconds after which a connection is asked whether it is there, and within which it must answer. */
const CHECK_MS = 10_000

/** A connection on which PostgreSQL tells of what other processes have written. Where it is lost, or falls silent, it is made anew. */
export class PostgresListener {
  private client?: Client
  private again?: NodeJS.Timeout
  private check?: NodeJS.Timeout
  private isClosed = false

  public constructor(
    private readonly options: Pick<ResolvedOptions, 'ssl' | 'schema' | 'credentials'> & { readonly url: string },
    private readonly listening: Listening,
    private readonly checkMs: number = CHECK_MS
  ) {}

  /** Listens. What was told while there was no connection is told once there is one. */
  public async start(): Promise<void> {
    const client = this.makeClient()
    client.on('notification', () => this.listening.told())
    client.on('error', () => undefined)
    client.on('end', () => this.lost(client))
    try {
      await client.connect()
      await client.query(`LISTEN ${client.escapeIdentifier(this.options.schema)}`)
    } catch (error) {
      await client.end().catch(() => undefined)
      throw error
    }
    // It was closed while it connected.
    if (this.isClosed) return client.end()
    this.client = client
    // A check that fails ends the connection, which is seen by its end.
    this.check = setInterval(() => void client.query('SELECT 1').catch(() => undefined), this.checkMs).unref()
    this.listening.told()
  }

  public async close(): Promise<void> {
    this.isClosed = true
    clearTimeout(this.again)
    clearInterval(this.check)
    await this.client?.end()
  }

  private makeClient(): Client {
    const { url, ssl, credentials } = this.options
    const Connecting = clientWith(credentials, this.checkMs)
    // As a pipeline, a connection is ended by an answer that does not come in time.
    return new Connecting({
      connectionString: url,
      ssl,
      keepAlive: true,
      pipeline: true,
      connectionTimeoutMillis: this.checkMs,
      query_timeout: this.checkMs,
      application_name: 'booster-listener',
    } as ClientConfig)
  }

  private lost(client: Client): void {
    if (this.isClosed || client !== this.client) return
    this.client = undefined
    clearInterval(this.check)
    this.tryAgain((error) => this.listening.deaf(error))
  }

  /** `failed` is told of the first failure; those that follow say nothing new. */
  private tryAgain(failed?: (error: unknown) => void): void {
    if (this.isClosed) return
    const start = (): void => {
      this.start().catch((error: unknown) => {
        failed?.(error)
        this.tryAgain()
      })
    }
    this.again = setTimeout(start, AGAIN_MS).unref()
  }
}
