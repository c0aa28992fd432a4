import { Command } from 'commander'
import { backfillCommand } from './commands/events/backfill'
import { brokersCommand } from './commands/environment/brokers'
import { contractsCommand } from './commands/contracts/contracts'
import { deadLettersCommand } from './commands/links/dead-letters'
import { devCommand } from './commands/service/dev'
import { forgetCommand } from './commands/links/forget'
import { initCommand } from './commands/service/init'
import { lakeCommand } from './commands/lake/lake'
import { linksCommand } from './commands/links/links'
import { monitoringCommand } from './commands/environment/monitoring'
import { parkedCommand } from './commands/links/parked'
import { provisionCommand } from './commands/environment/provision'
import { publishCommand } from './commands/events/publish'
import { schemasCommand } from './commands/schemas/schemas'
import { simulateCommand } from './commands/events/simulate'
import { startCommand } from './commands/service/start'
import { stateCommand } from './commands/store/state'
import { statusCommand } from './commands/links/status'
import { storeCommand } from './commands/store/store'
import { synthCommand } from './commands/service/synth'
import { tailCommand } from './commands/events/tail'
import { topologyCommand } from './commands/service/topology'
import { workerCommand } from './commands/service/worker'
import { consoleToStandardError } from './terminal/console-apart'
import { longEnvironmentOption } from './terminal/environment'
import { ownVersion } from './own-version'

/** Commands that run an app, whose log is what they write. */
const RUNNING = new Set(['start', 'worker', 'dev'])

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
    .addCommand(simulateCommand())
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
    .addCommand(lakeCommand())
    .addCommand(contractsCommand())
    .addCommand(schemasCommand())
    .addCommand(synthCommand())
    .addCommand(brokersCommand())
  root.hook('preAction', (_, command) => {
    if (!RUNNING.has(command.name())) consoleToStandardError()
  })
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
