import { startServer } from '@boostercloud/dev-brokers'
import type { Server } from '@boostercloud/dev-brokers'
import { graphql } from '../../examples/support/graphql'
import { freePorts } from '../../examples/support/free-ports'
import { startService } from '../../examples/support/services'
import { makeTopics } from '../../examples/support/topics'
import { waitFor } from '../../examples/support/wait-for'
import { makeWorkspace } from '../../examples/support/workspace'
import type { Started } from './started'

const SERVERS = ['kafka', 'rabbitmq', 'nats'] as const
const SERVICES = ['shop', 'warehouse', 'courier'] as const

/** A service of the example. */
export type BridgeService = (typeof SERVICES)[number]

/** The three services of examples/bridge, and the three brokers between them. */
export class BridgeSystem {
  public readonly workspace: ReturnType<typeof makeWorkspace>
  /** Of every service that was ever started. */
  public readonly pids: number[] = []
  private readonly running = new Map<BridgeService, Started>()

  private constructor(
    private readonly servers: readonly Server[],
    private readonly ports: readonly number[]
  ) {
    const [kafka, rabbitmq, nats] = servers
    const settings = { KAFKA_BROKERS: kafka.url, RABBITMQ_URL: rabbitmq.url, NATS_URL: nats.url }
    this.workspace = makeWorkspace({ services: SERVICES as unknown as string[], settings })
  }

  /** Starts the brokers and these services; stops them again if something does not start. */
  public static async start(...services: readonly BridgeService[]): Promise<BridgeSystem> {
    const servers: Server[] = []
    try {
      for (const name of SERVERS) servers.push(await startServer(name))
      await makeTopics(servers[0], ['orders'])
    } catch (error) {
      await Promise.all(servers.map((server) => server.stop()))
      throw error
    }
    const system = new BridgeSystem(servers, await freePorts(2 * SERVICES.length))
    try {
      const starts = await Promise.allSettled(services.map((name) => system.startService(name)))
      const refused = starts.find(({ status }) => status === 'rejected')
      if (refused) throw (refused as PromiseRejectedResult).reason
      return system
    } catch (error) {
      await system.stop()
      throw error
    }
  }

  /** Starts a service; again if it was killed, on the state that it left. */
  public async startService(name: BridgeService): Promise<void> {
    const [port, webSocketPort] = this.ports.slice(2 * SERVICES.indexOf(name))
    const started: Started = await startService(name, { workspace: this.workspace, port, webSocketPort })
    this.running.set(name, started)
    if (started.child.pid !== undefined) this.pids.push(started.child.pid)
  }

  /** As by `kill -9`. */
  public async kill(name: BridgeService): Promise<void> {
    await this.running.get(name)?.kill()
  }

  /** Asks a service by GraphQL. */
  public async ask(name: BridgeService, query: string): Promise<Record<string, unknown>> {
    return graphql(this.running.get(name)?.url as string, query)
  }

  /** What `ask` answers as soon as it is true. Rejects after two minutes, or when a service has ended by itself. */
  public async eventually<T>(what: string, ask: () => Promise<T | false>): Promise<T> {
    const failed = [...this.running.values()].map((service) => service.failed)
    return Promise.race([waitFor(what, ask, { limitMs: 120_000 }) as Promise<T>, ...failed])
  }

  public async stop(): Promise<void> {
    await Promise.all([...this.running.values()].map((service) => service.stop()))
    await Promise.all(this.servers.map((server) => server.stop()))
    this.workspace.remove()
  }
}
