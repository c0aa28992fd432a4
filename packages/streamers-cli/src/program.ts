import { Command } from 'commander'
import { backfillCommand } from './commands/backfill'
import { brokersCommand } from './commands/brokers'
import { contractsCommand } from './commands/contracts'
import { deadLettersCommand } from './commands/dead-letters'
import { devCommand } from './commands/dev'
import { forgetCommand } from './commands/forget'
import { initCommand } from './commands/init'
import { linksCommand } from './commands/links'
import { monitoringCommand } from './commands/monitoring'
import { parkedCommand } from './commands/parked'
import { provisionCommand } from './commands/provision'
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
import { ownVersion } from './own-version'

/** The whole command line. */
export function program(): Command {
  const root = new Command('boost-streamers')
    .description('Booster services that react to each other’s events')
    .version(ownVersion())
    .showHelpAfterError('Try --help.')
    .addHelpText(
      'after',
      `
Examples:
  $ boost-streamers start
  $ boost-streamers tail main-kafka/posts
  $ echo '{"postId":"1"}' | boost-streamers publish main-kafka/posts --type PostCreated --key postId`
    )
    .addCommand(initCommand())
    .addCommand(startCommand())
    .addCommand(devCommand())
    .addCommand(workerCommand())
    .addCommand(tailCommand())
    .addCommand(publishCommand())
    .addCommand(statusCommand())
    .addCommand(parkedCommand())
    .addCommand(deadLettersCommand())
    .addCommand(linksCommand())
    .addCommand(topologyCommand())
    .addCommand(provisionCommand())
    .addCommand(monitoringCommand())
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
