import { startServer } from '@boostercloud/dev-brokers'
import type { BrokerName, Server } from '@boostercloud/dev-brokers'

/** The server under measurement. */
export class Broker {
  private constructor(
    private server: Server,
    /** Whether each run gets a new one. */
    public readonly isRestarted: boolean
  ) {}

  /** Starts one. With `restart` each run is to get a new one, unless the environment names the one to take. */
  public static async start(name: BrokerName, restart: boolean): Promise<Broker> {
    const server = await startServer(name)
    return new Broker(server, restart && server.way !== 'environment')
  }

  /** `host:port`, with user and password before it where it asks for them. */
  public get address(): string {
    return this.server.url.replace(/^\w+:\/\//, '')
  }

  /** Its version, where it is one of those that are started by version. */
  public get version(): string {
    const { kind, way } = this.server
    return way === 'fetched' || way === 'container' ? kind.container.image.split(':')[1] : 'as found'
  }

  /** A new server without data, where each run gets one. The one before is killed: what it had is thrown away. */
  public async beginAnew(): Promise<void> {
    if (!this.isRestarted) return
    await this.server.kill()
    await this.server.stop()
    this.server = await startServer(this.server.kind.name as BrokerName)
  }

  public stop(): Promise<void> {
    return this.server.stop()
  }
}
