import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command } from 'commander'
import { backfillCommand } from './commands/backfill'
import { brokersCommand } from './commands/brokers'
import { contractsCommand } from './commands/contracts'
import { deadLettersCommand } from './commands/dead-letters'
import { forgetCommand } from './commands/forget'
import { linksCommand } from './commands/links'
import { parkedCommand } from './commands/parked'
import { publishCommand } from './commands/publish'
import { schemasCommand } from './commands/schemas'
import { startCommand } from './commands/start'
import { stateCommand } from './commands/state'
import { statusCommand } from './commands/status'
import { storeCommand } from './commands/store'
import { synthCommand } from './commands/synth'
import { tailCommand } from './commands/tail'
import { topologyCommand } from './commands/topology'
import { workerCommand } from './commands/worker'
import { longEnvironmentOption } from './environment'

/** The whole command line. */
export function program(): Command {
  const { version } = JSON.parse(readFileSync(join(__dirname, '..', 'package.json'), 'utf8')) as { version: string }
  const root = new Command('boost-streamers')
    .description('Booster services that react to each other’s events')
    .version(version)
    .showHelpAfterError('Try --help.')
    .addHelpText(
      'after',
      `
Examples:
  $ boost-streamers start
  $ boost-streamers tail main-kafka/posts
  $ echo '{"postId":"1"}' | boost-streamers publish main-kafka/posts --type PostCreated --key postId`
    )
    .addCommand(startCommand())
    .addCommand(workerCommand())
    .addCommand(tailCommand())
    .addCommand(publishCommand())
    .addCommand(statusCommand())
    .addCommand(parkedCommand())
    .addCommand(deadLettersCommand())
    .addCommand(linksCommand())
    .addCommand(topologyCommand())
    .addCommand(backfillCommand())
    .addCommand(forgetCommand())
    .addCommand(stateCommand())
    .addCommand(storeCommand())
    .addCommand(contractsCommand())
    .addCommand(schemasCommand())
    .addCommand(synthCommand())
    .addCommand(brokersCommand())
  inherit(root)
  return root
}

/** Commands made elsewhere take over how errors are told, and take the environment by its longer name too. */
function inherit(parent: Command): void {
  for (const command of parent.commands) {
    command.copyInheritedSettings(parent)
    if (command.options.some((option) => option.attributeName() === 'environment'))
      command.addOption(longEnvironmentOption())
    inherit(command)
  }
}
