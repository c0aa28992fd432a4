import { once } from 'node:events'
import type { ChildProcess } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { BoosterApp } from './booster-app'
import { eventually } from './eventually'

const SOURCES = {
  'src/index.ts': `import { Booster } from '@boostercloud/framework-core'
export { Booster, boosterEventDispatcher, boosterNotifySubscribers, boosterServeGraphQL } from '@boostercloud/framework-core'
Booster.start(__dirname)
`,
  'src/config.ts': `import { Booster } from '@boostercloud/framework-core'
import { BoosterConfig } from '@boostercloud/framework-types'
import { LocalStreamer } from '@boostercloud/local-streamer'

const { provider, url, schema } = JSON.parse(process.env.APP_OPTIONS ?? '{}')
Booster.configure('local', (config: BoosterConfig): void => {
  config.appName = 'reminders'
  config.providerPackage = provider
  Object.assign(config, { sqlProvider: { url, schema } })
  config.streamers = { log: LocalStreamer.with({ path: 'log', pollWaitMs: 50 }) }
})
`,
  'src/reminders.ts': `import { Command, Entity, Projects, ReadModel, Reduces } from '@boostercloud/framework-core'
import { ProjectionResult, Register, UUID } from '@boostercloud/framework-types'
import { Event, EventHandler, cancelLater, later } from '@boostercloud/streamers'

@Event({ streamTo: 'log/reminders' })
export class Reminded {
  public constructor(readonly reminderId: UUID, readonly plannedFor: number) {}
  public entityID(): UUID {
    return this.reminderId
  }
}

@Event({ streamTo: 'log/plans' })
export class Planned {
  public constructor(readonly reminderId: UUID, readonly inMs: number, readonly by: string) {}
  public entityID(): UUID {
    return this.reminderId
  }
}

@Entity
export class Reminder {
  public constructor(readonly id: UUID, readonly count: number, readonly lateMs: number) {}
  @Reduces(Reminded)
  public static reminded({ reminderId, plannedFor }: Reminded, known?: Reminder): Reminder {
    return new Reminder(reminderId, (known?.count ?? 0) + 1, Date.now() - plannedFor)
  }
}

@Entity
export class Plan {
  public constructor(readonly id: UUID, readonly by: string) {}
  @Reduces(Planned)
  public static planned({ reminderId, by }: Planned): Plan {
    return new Plan(reminderId, by)
  }
}

@ReadModel({ authorize: 'all' })
export class ReminderView {
  public constructor(readonly id: UUID, readonly count: number, readonly lateMs: number) {}
  @Projects(Reminder, 'id')
  public static of({ id, count, lateMs }: Reminder): ProjectionResult<ReminderView> {
    return new ReminderView(id, count, lateMs)
  }
}

/** 'by': who delays the reminder: the command, a handler of this service, or a streamed one. */
@Command({ authorize: 'all' })
export class Remind {
  public constructor(readonly id: string, readonly inMs: number, readonly by: string, readonly name: string) {}

  public static async handle({ id, inMs, by, name }: Remind, register: Register): Promise<void> {
    const reminded = new Reminded(id as unknown as UUID, Date.now() + inMs)
    if (by === 'cancel') return cancelLater(register, name)
    if (by === 'time') return later(register, reminded, { at: new Date(Date.now() + inMs) })
    if (by === 'command' || by === 'fails') later(register, reminded, name === '' ? { in: inMs } : { in: inMs, name })
    register.events(new Planned(id as unknown as UUID, inMs, by))
    if (by === 'fails') register.events(new Reminded('' as unknown as UUID, 0))
  }
}

@EventHandler(Planned)
export class OwnPlans {
  public static async handle({ reminderId, inMs, by }: Planned, register: Register): Promise<void> {
    if (by === 'own handler') later(register, new Reminded(reminderId, Date.now() + inMs), { in: inMs })
  }
}

@EventHandler({ eventType: Planned, streamedFrom: 'log/plans' })
export class StreamedPlans {
  public static async handle({ reminderId, inMs, by }: Planned, register: Register): Promise<void> {
    if (by === 'streamed handler') later(register, new Reminded(reminderId, Date.now() + inMs), { in: inMs })
  }
}
`,
}

/** What a process of the app is told. */
export interface RemindingOptions {
  readonly provider: string
  /** Of PostgreSQL, which replicas share. */
  readonly url?: string
  readonly schema?: string
  /** The failpoint at which the process ends. */
  readonly killAt?: string
}

/** One process of the app. */
export class RemindingService {
  public constructor(
    private readonly child: ChildProcess,
    private readonly port: number
  ) {}

  public async remind(id: string, inMs: number, by = 'command', name = ''): Promise<string> {
    return this.ask(`mutation { Remind(input: { id: "${id}", inMs: ${inMs}, by: "${by}", name: "${name}" }) }`)
  }

  /** How often a reminder was stored, and how late the last was reduced, in milliseconds. */
  public async reminded(id: string): Promise<{ readonly count: number; readonly lateMs: number }> {
    const said = await this.ask(`query { ReminderView(id: "${id}") { count lateMs } }`)
    const { data } = JSON.parse(said) as { data: { ReminderView: { count: number; lateMs: number } | null } }
    return data.ReminderView ?? { count: 0, lateMs: 0 }
  }

  public async counts(ids: readonly string[]): Promise<number[]> {
    return Promise.all(ids.map(async (id) => (await this.reminded(id)).count))
  }

  /** Resolves when it has ended by itself. */
  public async ended(): Promise<void> {
    if (!this.isEnded) await once(this.child, 'exit')
  }

  public async kill(): Promise<void> {
    if (this.isEnded) return
    this.child.kill('SIGKILL')
    await this.ended()
  }

  private get isEnded(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null
  }

  private async ask(query: string): Promise<string> {
    const answer = await fetch(`http://127.0.0.1:${this.port}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    })
    return answer.text()
  }
}

/** An app that reminds of what is planned, by delayed events. */
export class RemindingApp {
  private services: RemindingService[] = []

  private constructor(private readonly app: BoosterApp) {}

  public static async build(): Promise<RemindingApp> {
    return new RemindingApp(await BoosterApp.build(SOURCES))
  }

  public async start(options: RemindingOptions): Promise<RemindingService> {
    const said: string[] = []
    const child = await this.app.run(join(__dirname, 'run-service.cjs'), [JSON.stringify(options)], (line) => {
      said.push(line)
    })
    const port = (): string | undefined => said.map((line) => /^ready (\d+)$/.exec(line)?.[1]).find(Boolean)
    await eventually(
      () => port() !== undefined,
      () => said,
      60_000
    )
    const service = new RemindingService(child, Number(port()))
    this.services.push(service)
    return service
  }

  /** Kills its processes, and forgets what they kept in its folder. */
  public async reset(): Promise<void> {
    await Promise.all(this.services.splice(0).map((service) => service.kill()))
    for (const name of ['.booster', 'log']) await rm(join(this.app.folder, name), { recursive: true, force: true })
  }

  public async remove(): Promise<void> {
    await this.app.remove()
  }
}
