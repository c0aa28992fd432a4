import { resolve } from 'node:path'
import type * as Brokers from '@boostercloud/dev-brokers'
import { StreamerError } from '@boostercloud/streamer-connector'
import { Command } from 'commander'
import pc from 'picocolors'
import { toCount } from '../../terminal/arguments'
import { System } from '../../dev/system'
import { environmentOption } from '../../terminal/environment'
import { accepts } from '../../free-port'
import { counted, print, printable } from '../../terminal/output'
import { isService, serviceFolders } from '../../app/service-folders'
import { stopOnSignals } from '../../terminal/stop-on-signals'

interface DevOptions {
  readonly environment: string
  readonly port: number
  readonly broker?: string
}

/** `boost-streamers dev`. */
export function devCommand(): Command {
  return new Command('dev')
    .description('run the services of a folder together; each starts again when its sources change')
    .argument('[folders...]', 'the services, or folders with services below them', ['.'])
    .addOption(environmentOption())
    .option(
      '-p, --port <number>',
      "the port of the first service's GraphQL API; the others get the next free ports",
      toCount,
      3000
    )
    .option(
      '-b, --broker <name>',
      "start a server first, as 'boost-streamers brokers up' does: kafka, nats or rabbitmq"
    )
    .addHelpText(
      'after',
      `
It compiles the services and the packages that their tsconfig.json refers to, starts each service in its own process,
and writes one log with a color for each. Everything listens on 127.0.0.1. The server of --broker runs as long as this
command. The services find its address in the variable that 'boost-streamers brokers up' prints, and create missing
topics. Ctrl-C lets running handlers finish.

Examples:
  $ boost-streamers dev
  $ boost-streamers dev orders shipping --port 4000
  $ boost-streamers dev --broker kafka`
    )
    .action(dev)
}

async function dev(folders: readonly string[], { environment, port, broker }: DevOptions): Promise<void> {
  const root = resolve('.')
  const found = [...new Set(folders.flatMap((folder) => serviceFolders(resolve(folder))))].filter(isService)
  if (found.length === 0) throw noServices(folders)
  const services = await withPorts(found, port)
  const server = await Server.start(broker)
  const { variables } = server
  const system = new System({ root, services, environment, provision: broker !== undefined, variables })
  let stopping: Promise<void> | undefined
  const stop = (): Promise<void> => (stopping ??= system.stop().finally(() => server.stop()))
  stopOnSignals(stop, { onHangUp: true })
  await print(`${pc.green('✓')} ${counted(found.length, 'service')}: ${found.map((one) => printable(one)).join(', ')}`)
  try {
    await system.start()
  } catch (error) {
    await stop()
    throw error
  }
}

/** Each service with a port that nobody listens on. */
async function withPorts(
  folders: readonly string[],
  first: number
): Promise<ReadonlyArray<{ readonly folder: string; readonly port: number }>> {
  let port = first
  const services: { folder: string; port: number }[] = []
  for (const folder of folders) {
    while (await accepts(port)) port += 1
    services.push({ folder, port })
    port += 1
  }
  return services
}

/** The server of --broker; one that ran before is left running. */
class Server {
  private constructor(
    public readonly variables: Readonly<Record<string, string>>,
    public readonly stop: () => Promise<unknown>
  ) {}

  public static async start(name: string | undefined): Promise<Server> {
    if (name === undefined) return new Server({}, () => Promise.resolve())
    const kit = await import('@boostercloud/dev-brokers')
    return Server.of(kit, name)
  }

  private static async of(kit: typeof Brokers, name: string): Promise<Server> {
    const ran = (await kit.keptServers()).some((one) => one.name === name)
    const interrupted = new AbortController()
    const interrupt = (): void => interrupted.abort()
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
    for (const signal of signals) process.once(signal, interrupt)
    const { variable, url } = await kit.bringUp(name, { signal: interrupted.signal })
    for (const signal of signals) process.off(signal, interrupt)
    await print(`${pc.green('✓')} ${name}: ${variable}=${url}`)
    return new Server({ [variable]: url }, () => (ran ? Promise.resolve() : kit.takeDown(name)))
  }
}

function noServices(folders: readonly string[]): StreamerError {
  return new StreamerError('OPTION_INVALID', 'There is no Booster service at or below the folder.', {
    at: folders.join(', '),
    hint: "A service has a tsconfig.json, a src/index.ts, and a package.json that depends on @boostercloud/framework-core. 'boost-streamers init --example shop' makes two.",
  })
}
