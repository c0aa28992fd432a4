import { existsSync } from 'node:fs'
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { graphql } from '../../examples/support/graphql'
import { freePorts } from '../../examples/support/free-ports'
import { startService } from '../../examples/support/services'
import { ContractsCopy } from './contracts-copy'
import type { Started } from './started'

const RETRY = { firstDelayMs: 50, maxDelayMs: 300 }

/** The same config for every service of the restaurant; where they meet and where replicas keep their state is said by the environment. */
const configOf = (appName: string): string => `import { Booster } from '@boostercloud/framework-core'
import { Level } from '@boostercloud/framework-types'
import { KafkaStreamer } from '@boostercloud/kafka-streamer'
import { LocalStreamer } from '@boostercloud/local-streamer'
import { PostgresState } from '@boostercloud/streamers-postgres'

const { RESTAURANT_LOG = 'log', KAFKA_BROKERS, STATE_URL } = process.env
// Replicas of the kitchen share a state. Waiters have one each, in their folder, and each is told of every dish.
const group = ${appName === 'kitchen' ? 'STATE_URL ? undefined : process.cwd()' : 'process.cwd()'}

Booster.configure('local', (config) => {
  config.appName = '${appName}'
  config.providerPackage = '@boostercloud/framework-provider-local'
  config.logLevel = Level.warn
  config.streamers = { main: KAFKA_BROKERS ? KafkaStreamer.with({ brokers: [KAFKA_BROKERS], consumer: group ? { groupId: group } : {} }) : LocalStreamer.with({ path: RESTAURANT_LOG, group }) }
  config.streaming = { receiving: { retry: ${JSON.stringify(RETRY)} } }
  if (STATE_URL && config.appName === 'kitchen') config.streaming = { ...config.streaming, state: PostgresState.at({ url: STATE_URL }) }
})
`

/** Each replica of the kitchen has an event store of its own here: what one has stored, another could not publish. So it publishes nothing. */
const DISH_READY = `import * as contract from '@restaurant/contract'
import { Event } from '@boostercloud/streamers'

@Event
export class DishReady extends contract.DishReady {}
`

/** Before and after a change of the contract. */
export type Version = 'old' | 'new'

/** An order, and what it became on a plate. */
export interface Plate {
  readonly orderId: string
  readonly plate: string
}

/** The services of examples/contracts in two versions, built once, as processes that run side by side. */
export class Restaurant {
  private readonly running = new Map<string, Started>()
  private readonly folders = new Map<string, string>()

  private constructor(private readonly copies: Readonly<Record<Version, ContractsCopy>>) {}

  /** `changes` lead from the old version to the new one. */
  public static async build(changes: readonly string[]): Promise<Restaurant> {
    const copies = { old: await ContractsCopy.make(), new: await ContractsCopy.make() }
    for (const change of changes) await copies.new.apply(change)
    for (const { folder } of Object.values(copies)) {
      for (const name of ['waiter', 'kitchen'])
        await writeFile(join(folder, name, 'src/config/config.ts'), configOf(name))
      await writeFile(join(folder, 'kitchen/src/events/dish-ready.ts'), DISH_READY)
    }
    for (const copy of Object.values(copies)) await copy.build('waiter', 'kitchen')
    return new Restaurant(copies)
  }

  /** Starts a process of a service in a folder of its own, under a name. */
  public async start(
    name: string,
    service: 'waiter' | 'kitchen',
    version: Version,
    settings: Readonly<Record<string, string>>
  ): Promise<void> {
    const folder = join(this.copies[version].folder, '..', 'run')
    const own = join(folder, name)
    await mkdir(own, { recursive: true })
    for (const built of ['dist', 'package.json']) {
      await cp(join(this.copies[version].folder, service, built), join(own, built), { recursive: true })
    }
    const [port, webSocketPort] = await freePorts(2)
    const workspace = { folder, environment: 'local', settings }
    this.running.set(name, await startService(name, { workspace, port, webSocketPort }))
    this.folders.set(name, own)
  }

  /** Lets a process end as an orchestrator does. */
  public async stop(name: string): Promise<void> {
    await this.running.get(name)?.stop()
    this.running.delete(name)
  }

  public async stopAll(): Promise<void> {
    await Promise.all([...this.running.keys()].map((name) => this.stop(name)))
    this.folders.clear()
  }

  public async remove(): Promise<void> {
    await this.stopAll()
    await Promise.all(Object.values(this.copies).map((copy) => copy.remove()))
  }

  /** Has a waiter take an order; resolves with its id. */
  public async order(waiter: string, input: string): Promise<string> {
    const { PlaceOrder: id } = await graphql(this.url(waiter), `mutation { PlaceOrder(input: { ${input} }) }`)
    return id as string
  }

  /** What some kitchens have made and stored, whether they run or not. */
  public async plates(...kitchens: readonly string[]): Promise<Plate[]> {
    const made = await Promise.all(kitchens.map((name) => platesIn(this.folders.get(name) ?? '')))
    return made.flat()
  }

  /** What a kitchen says of its handler. */
  public async health(kitchen: string): Promise<string> {
    const response = await fetch(new URL('/sensor/health/', this.url(kitchen)))
    return response.text()
  }

  /** Rejects when a process has ended by itself. */
  public get failed(): Promise<never> {
    return Promise.race([...this.running.values()].map((started) => started.failed))
  }

  private url(name: string): string {
    return this.running.get(name)?.url ?? ''
  }
}

/** Booster's local provider appends each event as a line of JSON. */
async function platesIn(folder: string): Promise<Plate[]> {
  const file = join(folder, '.booster/events.json')
  if (!existsSync(file)) return []
  const lines = (await readFile(file, 'utf8')).split('\n').slice(0, -1)
  return lines
    .map((line) => JSON.parse(line) as { typeName?: string; kind?: string; value: Plate })
    .filter(({ typeName, kind }) => typeName === 'DishReady' && kind === 'event')
    .map(({ value: { orderId, plate } }) => ({ orderId, plate }))
}
