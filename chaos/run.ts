import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePorts } from './ports'
import { Client } from './client'
import { demandedFailpoints } from './failpoints'
import type { Fault, Victim } from './fault'
import { appendWitness, readLines } from './history'
import type { History, RunFacts } from './history'
import { Misfortune } from './misfortune'
import { deadLettersOf, redrive } from './redrive'
import type { Schedule } from './schedule'
import { ChaosServer } from './server'
import { Service } from './service'
import { bringUponService } from './service-misfortune'
import { STAGES } from './stages'
import type { Stage } from './stages'
import { until } from './until'
import { buildServices, makeWorkspace } from './workspace'

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
  const run = new Run(schedule, folder, await freePorts(2 * STAGES.length), server, options)
  try {
    return await run.toItsEnd()
  } finally {
    await run.killAll()
    await server?.stop()
    if (!process.env.CHAOS_KEEP) rmSync(folder, { recursive: true, force: true })
  }
}

class Run {
  private readonly services: Readonly<Record<Stage, Service>>
  private readonly client: Client
  private readonly misfortunes: readonly Misfortune[]

  public constructor(
    private readonly schedule: Schedule,
    private readonly folder: string,
    ports: readonly number[],
    private readonly server: ChaosServer | undefined,
    private readonly options: RunOptions
  ) {
    const { mutant } = options
    const connector = schedule.streamer.connector(server?.url ?? '')
    const service = (stage: Stage): Service => {
      const [port, webSocketPort] = ports.slice(2 * STAGES.indexOf(stage))
      return new Service({ stage, folder, port, webSocketPort, connector, mutant })
    }
    this.services = { first: service('first'), second: service('second'), third: service('third') }
    this.client = new Client(schedule, this.services.first, folder)
    const victims: readonly Victim[] = [...STAGES, 'server']
    this.misfortunes = victims.map((victim) => {
      const faults = schedule.faults.filter(({ on }) => on === victim)
      return new Misfortune(
        faults.map((fault) => ({ at: fault.at, bring: () => this.bring(fault) })),
        this.client,
        schedule.streamer.patienceMs
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
    return this.history()
  }

  public async killAll(): Promise<void> {
    await Promise.all(this.all.map((service) => service.kill()))
  }

  private get all(): Service[] {
    return Object.values(this.services)
  }

  private async startAll(): Promise<void> {
    const ups = await Promise.all(this.all.map((service) => service.start()))
    if (ups.includes(false)) throw new Error(`A service did not start; see its log in ${this.folder}.`)
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
      await Promise.all([this.client.run(), misfortunes.then(() => this.client.release())])
    } finally {
      clearInterval(allow)
    }
  }

  private async bring(fault: Fault): Promise<void> {
    if (fault.on !== 'server') return bringUponService(this.services[fault.on], fault, this.client)
    if (await this.server?.suffer(fault, this.client)) appendWitness(this.folder, { what: 'server', fault: fault.do })
  }

  /** Resolves when all that the first service has stored, but for some keys, has arrived, or nothing has moved for so long. */
  private async arrive(except: ReadonlySet<string> = new Set()): Promise<void> {
    const { first, second, third } = this.services
    const moving = new Moving(() => second.store.read().length + third.store.read().length)
    const hasArrived = (): boolean => {
      const arrived = new Set(third.store.read().map(({ origin }) => origin))
      return first.store.read().every(({ key, origin }) => except.has(key) || arrived.has(origin))
    }
    await until(() => hasArrived() || moving.restMs() > this.stallMs, Infinity, 500)
    await until(() => moving.restMs() > this.schedule.streamer.settleMs, Infinity, 200)
  }

  /** Mends what the second service could not handle, and has its dead letters tried again. */
  private async heal(): Promise<void> {
    const { poison } = this.schedule
    const { first, second } = this.services
    const stored = first.store.read().filter(({ origin }) => poison.includes(origin))
    const letters = await deadLettersOf(join(this.folder, 'second'), stored.length, this.stallMs / 2)
    writeFileSync(join(this.folder, 'healed'), '')
    await redrive(join(this.folder, 'second'), letters)
    second.note({ what: 'redriven', origins: letters.map(({ origin }) => origin) })
    this.options.say(`${letters.length} dead letters are redriven`)
  }

  private get stallMs(): number {
    return this.options.stallMs ?? this.schedule.streamer.stallMs
  }

  private get poisonedKeys(): ReadonlySet<string> {
    const { commands, poison } = this.schedule
    return new Set(commands.filter(({ origins }) => poison.includes(origins[0])).map(({ key }) => key))
  }

  private get facts(): RunFacts {
    const { seed, streamer, faults } = this.schedule
    const kinds = new Set(faults.flatMap((fault) => (fault.on === 'server' ? [fault.do] : [])))
    return {
      seed,
      streamer: streamer.name,
      failpoints: demandedFailpoints(streamer),
      neverReached: streamer.neverReached,
      serverFaults: streamer.server && [...kinds],
      mutant: this.options.mutant,
    }
  }

  private history(): History {
    const { first, second, third } = this.services
    return {
      run: this.facts,
      journal: readLines(join(this.folder, 'journal.jsonl')),
      witness: readLines(join(this.folder, 'witness.jsonl')),
      stores: { first: first.store.read(), second: second.store.read(), third: third.store.read() },
    }
  }
}

/** For how long a number has been the same. */
class Moving {
  private last = Number.NaN
  private since = Date.now()

  public constructor(private readonly ask: () => number) {}

  public restMs(): number {
    const now = this.ask()
    if (now !== this.last) this.since = Date.now()
    this.last = now
    return Date.now() - this.since
  }
}
