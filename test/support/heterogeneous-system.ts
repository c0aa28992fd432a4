import { startServer } from '@boostercloud/dev-brokers'
import type { BrokerName, Server } from '@boostercloud/dev-brokers'
import type { Program } from '../../examples/support/child-process'
import { graphql } from '../../examples/support/graphql'
import { freePorts } from '../../examples/support/free-ports'
import { makeQueues } from '../../examples/support/queues'
import { startService } from '../../examples/support/services'
import { makeTopics } from '../../examples/support/topics'
import { waitFor } from '../../examples/support/wait-for'
import { makeWorkspace } from '../../examples/support/workspace'
import { kotlinService } from '../../examples/support/languages/kotlin'
import { pythonService } from '../../examples/support/languages/python'
import { startForeignService } from '../../examples/support/services'
import type { Started } from './started'

const SERVICES = ['blog', 'reactions']
const REACTIONS = '{ ListReactionReadModels(filter: {}) { items { postId kind times detail } } }'

/** A line of JSON that a service without Booster has written. */
export interface Line {
  /** The type of what it was given, or the topic if it had none. */
  readonly received?: string
  readonly sent?: string
  readonly id?: string
  readonly source?: string
  readonly subject?: string
  readonly payload?: Readonly<Record<string, unknown>>
}

/** What the Booster service has counted for one post: how often, of each kind, and what the last one was. */
export interface Reactions {
  readonly times: Readonly<Record<string, number>>
  readonly details: Readonly<Record<string, string>>
}

interface ReactionItem {
  readonly postId: string
  readonly kind: string
  readonly times: number
  readonly detail: string
}

/** What stands between the services, and who takes part. */
interface Setup {
  readonly servers: readonly BrokerName[]
  /** The environment by which every service finds the servers. */
  readonly settings: (...servers: Server[]) => Record<string, string>
  /** What must be there before the first service is. */
  readonly prepare?: (broker: Server, services: readonly string[]) => Promise<void>
  /** Whether moderation, in Kotlin, takes part. */
  readonly kotlin?: true
}

/** Apicurio's own API and Confluent's are two paths of one registry. */
const SETUPS = {
  kafka: {
    servers: ['kafka', 'schema-registry'],
    settings: (kafka, registry) => ({
      KAFKA_BROKERS: kafka.url,
      SCHEMA_REGISTRY_URL: registry.url,
      REGISTRY_URL: new URL('/apis/registry/v2', registry.url).href,
    }),
    prepare: (kafka) => makeTopics(kafka, ['posts', 'reviews', 'views', 'likes', 'reactions']),
    kotlin: true,
  },
  rabbitmq: {
    servers: ['rabbitmq'],
    settings: ({ url }) => ({ RABBITMQ_URL: url }),
    prepare: makeQueues,
  },
  nats: {
    servers: ['nats'],
    settings: ({ url }) => ({ NATS_URL: url }),
  },
} as const satisfies Record<string, Setup>

/** The brokers over which there is such a system. */
export type Broker = keyof typeof SETUPS

/** The blog and the reactions, which are Booster services, the readers in Python, over Kafka moderation in Kotlin, and what is between them. */
export class HeterogeneousSystem {
  public readonly toldByModeration: Line[] = []
  public readonly toldByReaders: Line[] = []
  public readonly workspace: ReturnType<typeof makeWorkspace>
  /** Of everything that was ever started. */
  public readonly pids: number[] = []
  private readonly running = new Map<string, Started>()

  private constructor(
    private readonly servers: readonly Server[],
    private readonly programs: { readonly kotlin?: Program; readonly python: Program },
    workspace: { readonly environment: Broker; readonly settings: Readonly<Record<string, string>> }
  ) {
    this.workspace = makeWorkspace({ services: SERVICES, ...workspace })
  }

  /** Starts everything; stops it again if something does not start. */
  public static async start(broker: Broker): Promise<HeterogeneousSystem> {
    const setup: Setup = SETUPS[broker]
    const kotlin = setup.kotlin && (await kotlinService())
    const programs = { kotlin, python: await pythonService(broker) }
    const servers: Server[] = []
    try {
      for (const name of setup.servers) servers.push(await startServer(name))
      await setup.prepare?.(servers[0], SERVICES)
    } catch (error) {
      await Promise.all(servers.map((server) => server.stop()))
      throw error
    }
    const system = new HeterogeneousSystem(servers, programs, {
      environment: broker,
      settings: setup.settings(...servers),
    })
    try {
      await system.startAll()
      return system
    } catch (error) {
      await system.stop()
      throw error
    }
  }

  /** Starts the readers, again if they were killed; their lines are added to those of before. */
  public startReaders(settings: Readonly<Record<string, string>> = {}): void {
    const workspace = { ...this.workspace, settings: { ...this.workspace.settings, ...settings } }
    const onLine = (line: Line): void => void this.toldByReaders.push(line)
    this.add('readers', startForeignService('readers', this.programs.python, { workspace, onLine }))
  }

  /** As by `kill -9`. */
  public async killReaders(): Promise<void> {
    await this.running.get('readers')?.kill()
  }

  /** As by Ctrl-C or an orchestrator. Resolves with how they have ended. */
  public async stopReaders(): Promise<string | undefined> {
    await this.running.get('readers')?.stop()
    return this.running.get('readers')?.exited
  }

  public url(name: string): string {
    return this.running.get(name)?.url as string
  }

  /** What the Booster service has counted so far, by the post's id. */
  public async reactions(): Promise<Map<string, Reactions>> {
    const { ListReactionReadModels: list } = await graphql<{
      readonly ListReactionReadModels: { readonly items: readonly ReactionItem[] }
    }>(this.url('reactions'), REACTIONS)
    const byPost = new Map<string, Reactions>()
    for (const { postId, kind, times, detail } of list.items) {
      const before = byPost.get(postId)
      byPost.set(postId, {
        times: { ...before?.times, [kind]: times },
        details: { ...before?.details, [kind]: detail },
      })
    }
    return byPost
  }

  /** What `ask` answers as soon as it is true. Rejects after a minute or two, or when a process has ended by itself. */
  public async eventually<T>(
    what: string,
    ask: () => T | false | Promise<T | false>,
    { everyMs = 50 }: { everyMs?: number } = {}
  ): Promise<T> {
    const failed = [...this.running.values()].map((process) => process.failed)
    return Promise.race([waitFor(what, ask, { limitMs: 120_000, everyMs }) as Promise<T>, ...failed])
  }

  public async stop(): Promise<void> {
    await Promise.all([...this.running.values()].map((process) => process.stop()))
    await Promise.all(this.servers.map((server) => server.stop()))
    this.workspace.remove()
  }

  private async startAll(): Promise<void> {
    const { workspace, programs } = this
    const ports = await freePorts(2 * SERVICES.length)
    if (programs.kotlin) {
      const onLine = (line: Line): void => void this.toldByModeration.push(line)
      this.add('moderation', startForeignService('moderation', programs.kotlin, { workspace, onLine }))
    }
    this.startReaders()
    const starts = SERVICES.map(async (name, i) => {
      const [port, webSocketPort] = ports.slice(2 * i)
      this.add(name, await startService(name, { workspace, port, webSocketPort }))
    })
    const refused = (await Promise.allSettled(starts)).find(({ status }) => status === 'rejected')
    if (refused) throw (refused as PromiseRejectedResult).reason
    const readers = this.running.get('readers')!
    await Promise.race([readers.listening, readers.failed])
  }

  private add(name: string, started: Started): void {
    this.running.set(name, started)
    if (started.child.pid !== undefined) this.pids.push(started.child.pid)
  }
}
