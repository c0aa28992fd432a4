import { Signal, endsWithin, within } from '@boostercloud/streamer-connector'
import { PermissionViolationError } from '@nats-io/nats-core'
import type { NatsConnection } from '@nats-io/nats-core'
import { connect } from './connect'
import { jetstreamManager } from '@nats-io/jetstream'
import type { JetStreamManager } from '@nats-io/jetstream'
import type { NatsStreamerSettings } from '../options'
import { Acks } from './acks'
import { connectOptions } from './connect-options'
import { closed, errorFrom, forbidden, unavailable } from './errors'

/** How long an answer of JetStream's API may take; milliseconds. */
const API_MS = 5_000
/** How long the last words at a close may take; milliseconds. */
const LAST_WORDS_MS = 2_000

/** Told when a connection is cut, with what is refused, or that it is no more. */
export interface ConnectionListener {
  cut?(): void
  refused?(error: PermissionViolationError): void
}

/** A connection that comes back by itself, and what is done on it. */
export class Connection {
  /** Publishing with acknowledgements. */
  public readonly acks: Acks
  private readonly listeners = new Set<ConnectionListener>()
  private up = true
  private readonly ups = new Signal()

  private constructor(
    public readonly nats: NatsConnection,
    private readonly api: JetStreamManager,
    private readonly settings: NatsStreamerSettings
  ) {
    this.acks = new Acks(nats, settings.publishTimeoutMs, settings.inboxPrefix)
    this.listen({
      cut: () => this.acks.fail(unavailable('the connection was cut before the stream acknowledged', this.server)),
      refused: (error) => {
        if (error.operation === 'publish') this.acks.fail(forbidden(error.message, error.subject, error), error.subject)
      },
    })
  }

  /** Rejects with `STREAMER_UNAVAILABLE` or `STREAMER_FORBIDDEN`. */
  public static async open(settings: NatsStreamerSettings, name: string | undefined): Promise<Connection> {
    try {
      const nats = await connect(connectOptions(settings, name))
      const api = await managerOf(nats)
      const connection = new Connection(nats, api, settings)
      void connection.watch()
      return connection
    } catch (thrown) {
      throw errorFrom(thrown, settings.servers.join(', '))
    }
  }

  /** Whether there is a connection at this moment. */
  public get isUp(): boolean {
    return this.up && !this.nats.isClosed()
  }

  /** Where it is connected, or was the last time. */
  public get server(): string {
    return this.nats.getServer() || this.settings.servers.join(', ')
  }

  /** Answers what ends it. */
  public listen(listener: ConnectionListener): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  /**
   * An answer of JetStream's API. What was asked when the connection is cut is not answered any more, so it rejects then, with
   * `STREAMER_UNAVAILABLE`; else with what the client throws.
   */
  public async ask<T>(question: (api: JetStreamManager) => Promise<T>): Promise<T> {
    if (!this.isUp) throw unavailable('there is no connection', this.server)
    let stopListening = (): unknown => undefined
    const cut = new Promise<never>((_, reject) => {
      stopListening = this.listen({ cut: () => reject(unavailable('the connection was cut', this.server)) })
    })
    try {
      return await Promise.race([question(this.api), cut])
    } finally {
      stopListening()
    }
  }

  /** Resolves when there is a connection; rejects with `STREAMER_UNAVAILABLE` when there is none in time. */
  public async whenUp(limitMs: number): Promise<void> {
    if (!this.isUp) await this.ups.next(limitMs)
    if (!this.isUp) throw unavailable('there is no connection', this.server)
  }

  /** Resolves when the server has heard what was said before; rejects with `STREAMER_UNAVAILABLE` when that takes too long. */
  public async flush(): Promise<void> {
    if (!this.isUp) throw unavailable('there is no connection', this.server)
    await within(LAST_WORDS_MS, this.nats.flush()).catch((thrown: unknown) => {
      throw unavailable('the server does not answer', this.server, thrown)
    })
  }

  /** Ends it, also while it is cut. */
  public async close(): Promise<void> {
    await this.flush().catch(ignore)
    await endsWithin(LAST_WORDS_MS, this.nats.close())
    this.fall()
    this.acks.fail(closed(this.server))
  }

  private async watch(): Promise<void> {
    for await (const status of this.nats.status()) {
      if (status.type === 'disconnect' || status.type === 'close') this.fall()
      else if (status.type === 'reconnect') this.rise()
      else if (status.type === 'error' && status.error instanceof PermissionViolationError) {
        for (const listener of [...this.listeners]) listener.refused?.(status.error)
      }
    }
    this.fall()
  }

  private rise(): void {
    this.up = true
    this.ups.give()
  }

  private fall(): void {
    if (!this.up) return
    this.up = false
    for (const listener of [...this.listeners]) listener.cut?.()
  }
}

/** A connection whose API cannot be had is closed: nobody else would. */
async function managerOf(nats: NatsConnection): Promise<JetStreamManager> {
  try {
    return await jetstreamManager(nats, { checkAPI: false, timeout: API_MS })
  } catch (thrown) {
    await nats.close().catch(ignore)
    throw thrown
  }
}

const ignore = (): void => undefined
