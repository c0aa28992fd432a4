import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePorts } from './ports'
import { Client } from './client'
import { wrongViewsOf } from './check-views'
import { factsOf } from './facts'
import { isServerFault } from './fault'
import type { Fault, ServerFault, Victim } from './fault'
import { appendWitness, readLines } from './history'
import type { History } from './history'
import { Misfortune } from './misfortune'
import { Moving } from './moving'
import { deadLettersOf, redrive } from './redrive'
import type { ChaosDatabases, StoreReader } from './providers'
import { Replicas } from './replicas'
import type { Schedule } from './schedule'
import { ChaosServer } from './server'
import { Service } from './service'
import { bringUponService } from './service-misfortune'
import { STAGES } from './stages'
import type { Stage } from './stages'
import { until } from './until'
import { buildServices, makeWorkspace } from './workspace'

/** Milliseconds that it may take until an event has ended its process so often that it is given up on. */
const DEATHS_MS = 60_000

/** What a run is asked for besides its schedule. */
export interface RunOptions {
  readonly mutant?: string
  /** Told what happens. */
  readonly say: (line: string) => void
  /** Milliseconds without any progress after which what is still missing is lost. Default: the streamer's. */
  readonly stallMs?: number
}

/** Runs the chain under a schedule of faults, until everything has arrived or nothing moves any more. Resolves with its history. */
export async function runChaos(schedule: Schedule, options: RunOptions): Promise<History> {
  await buildServices()
  const { server: kind } = schedule.streamer
  const server = kind && (await ChaosServer.start(kind))
  const folder = makeWorkspace(schedule)
  let databases: ChaosDatabases | undefined
  try {
    databases = await schedule.provider.open()
    return await runIn({ folder, server, databases }, schedule, options)
  } finally {
    await server?.stop()
    await databases?.close()
    if (!process.env.CHAOS_KEEP) rmSync(folder, { recursive: true, force: true })
  }
}

/** Where a run takes place. */
interface Place {
  readonly folder: string
  readonly server: ChaosServer | undefined
  readonly databases: ChaosDatabases
}

async function runIn(place: Place, schedule: Schedule, options: RunOptions): Promise<History> {
  const { processes, joining } = schedule.provider
  const run = new Run(schedule, place, await freePorts(2 * STAGES.length * (processes + joining)), options)
  try {
    return await run.toItsEnd()
  } finally {
    await run.killAll()
  }
}

class Run {
  private readonly services: Readonly<Record<Stage, Replicas>>
  private readonly client: Client
  private readonly misfortunes: readonly Misfortune[]

  public constructor(
    private readonly schedule: Schedule,
    private readonly place: Place,
    ports: number[],
    private readonly options: RunOptions
  ) {
    this.services = {
      first: this.replicas('first', ports),
      second: this.replicas('second', ports),
      third: this.replicas('third', ports),
    }
    this.client = new Client(schedule, this.services.first, place.folder)
    const victims: readonly Victim[] = [...STAGES, 'server', 'database']
    this.misfortunes = victims.map((victim) => {
      const faults = schedule.faults.filter(({ on }) => on === victim)
      return new Misfortune(
        faults.map((fault, n) => ({ at: fault.at, bring: () => this.bring(fault, n) })),
        this.client,
        Math.max(schedule.streamer.patienceMs, schedule.provider.patienceMs)
      )
    })
  }

  public async toItsEnd(): Promise<History> {
    const { say } = this.options
    await this.startAll()
    say('the services are up')
    await this.underFaults()
    say('all commands are sent, all faults are over')
    await this.arrive(this.poisonedKeys)
    await this.heal()
    await this.arrive()
    say('starting every service once more, to see whether anything comes again')
    await this.stopAll()
    await this.startAll()
    await this.arrive()
    await this.stopAll()
    await this.goOnAnew()
    return this.history()
  }

  public async killAll(): Promise<void> {
    await Promise.all(this.all.map((service) => service.end()))
  }

  private replicas(stage: Stage, ports: number[]): Replicas {
    const { folder, server, databases } = this.place
    const { streamer, provider } = this.schedule
    const store = databases.store(stage, join(folder, stage))
    const connector = streamer.connector(server?.url ?? '')
    const service = (): Service => {
      const [port, webSocketPort] = ports.splice(0, 2)
      const { mutant } = this.options
      const database = databases.env(stage)
      return new Service({
        stage,
        folder,
        port,
        webSocketPort,
        connector,
        provider: provider.package,
        database,
        store,
        mutant,
      })
    }
    const some = (count: number): Service[] => Array.from({ length: count }, service)
    return new Replicas(stage, store, some(provider.processes), some(provider.joining))
  }

  private get all(): Replicas[] {
    return Object.values(this.services)
  }

  private async startAll(): Promise<void> {
    await Promise.all(this.all.map((service) => service.start()))
  }

  private async stopAll(): Promise<void> {
    await Promise.all(this.all.map((service) => service.stop()))
  }

  private async underFaults(): Promise<void> {
    const total = this.schedule.faults.length
    const window = Math.max(10, Math.ceil(this.schedule.commands.length / (total + 1)))
    const allow = setInterval(
      () => this.client.allow(Math.min(...this.misfortunes.map((misfortune) => misfortune.allowance(window)))),
      20
    )
    let over = 0
    const onEnd = (): void => {
      over += 1
      if (over % 10 === 0) this.options.say(`${over} of ${total} faults, ${this.client.sent} commands sent`)
    }
    try {
      const misfortunes = Promise.all(this.misfortunes.map((misfortune) => misfortune.run(onEnd)))
      await Promise.all([this.client.run(), misfortunes.then(() => this.client.release()), this.join()])
    } finally {
      clearInterval(allow)
    }
  }

  /** In the midst of it, one process more of each service, where the provider is to show that. */
  private async join(): Promise<void> {
    await until(() => this.client.sent >= this.schedule.commands.length / 2, Infinity)
    await Promise.all(this.all.map((service) => service.join()))
  }

  private async bring(fault: Fault, n: number): Promise<void> {
    if (isServerFault(fault)) return this.bringUponServer(fault)
    await bringUponService(this.services[fault.on], n, fault, this.client)
  }

  private async bringUponServer(fault: ServerFault): Promise<void> {
    const { server, databases, folder } = this.place
    const victim = fault.on === 'server' ? server : databases.server
    const from = Date.now()
    if (!(await victim?.suffer(fault, this.client))) return
    appendWitness(folder, { what: fault.on, fault: fault.do, from, to: Date.now() })
  }

  /** Resolves when all that the first service has stored, but for some keys, has arrived, and read models say so; or nothing moves. */
  private async arrive(except: ReadonlySet<string> = new Set()): Promise<void> {
    const { first, second, third } = this.services
    const moving = new Moving(async () => (await second.store.read()).length + (await third.store.read()).length)
    const hasArrived = async (): Promise<boolean> => {
      const arrived = new Set((await third.store.read()).map(({ origin }) => origin))
      return (await first.store.read()).every(({ key, origin }) => except.has(key) || arrived.has(origin))
    }
    const isWhole = async (): Promise<boolean> => (await hasArrived()) && wrongViewsOf(await this.stored()).length === 0
    await until(async () => (await isWhole()) || (await moving.restMs()) > this.stallMs, Infinity, 500)
    await until(async () => (await moving.restMs()) > this.schedule.streamer.settleMs, Infinity, 200)
  }

  /** Fixes what the second service could not handle, and has its dead letters tried again. */
  private async heal(): Promise<void> {
    const { poison, lethal } = this.schedule
    const { first, second } = this.services
    const stored = (await first.store.read()).filter(({ origin }) => [...poison, ...lethal].includes(origin))
    const limitMs = this.stallMs / 2 + lethal.length * DEATHS_MS
    const letters = await deadLettersOf(() => second.store.state(), stored.length, limitMs)
    writeFileSync(join(this.place.folder, 'healed'), letters.map(({ origin }) => `${origin}\n`).join(''))
    await redrive(() => second.store.state(), letters)
    appendWitness(this.place.folder, { what: 'redriven', origins: letters.map(({ origin }) => origin) })
    this.options.say(`${letters.length} dead letters are redriven`)
  }

  /** All has arrived: with a stream made anew, what is sent from now on arrives as well. */
  private async goOnAnew(): Promise<void> {
    const { afterAnew, streamer } = this.schedule
    if (afterAnew.length === 0) return
    streamer.makeAnew?.(this.place.folder)
    this.options.say('the stream is made anew')
    await this.startAll()
    await this.client.sendMore(afterAnew)
    await this.arrive()
    await this.stopAll()
  }

  private get stallMs(): number {
    return this.options.stallMs ?? this.schedule.streamer.stallMs
  }

  private get poisonedKeys(): ReadonlySet<string> {
    const { commands, poison, lethal } = this.schedule
    const held = [...poison, ...lethal]
    return new Set(commands.filter(({ origins }) => held.includes(origins[0])).map(({ key }) => key))
  }

  private async history(): Promise<History> {
    const { folder } = this.place
    return {
      run: factsOf(this.schedule, this.options.mutant),
      journal: readLines(join(folder, 'journal.jsonl')),
      witness: readLines(join(folder, 'witness.jsonl')),
      ...(await this.stored()),
    }
  }

  private async stored(): Promise<Pick<History, 'stores' | 'views'>> {
    const { first, second, third } = await this.ofEach((store) => store.views())
    const stores = await this.ofEach((store) => store.read())
    return first && second && third ? { stores, views: { first, second, third } } : { stores }
  }

  private async ofEach<T>(ask: (store: StoreReader) => Promise<T>): Promise<Record<Stage, T>> {
    const { first, second, third } = this.services
    return { first: await ask(first.store), second: await ask(second.store), third: await ask(third.store) }
  }
}
