import { Command } from 'commander'
import { contractsCheckCommand } from './check'
import { contractsExtractCommand } from './extract'
import { contractsNewCommand } from './new'
import { contractsPullCommand } from './pull'

/** `boost-streamers contracts`. */
export function contractsCommand(): Command {
  return new Command('contracts')
    .description('the schemas of events, and whether a change to them breaks another service')
    .addHelpText(
      'after',
      `
Examples:
  $ boost-streamers contracts new @acme/orders-contract
  $ boost-streamers contracts pull --registry http://127.0.0.1:8081 --subject posts-value --out src/contracts --entity-id postId
  $ boost-streamers contracts extract contracts --out schemas
  $ boost-streamers contracts check contracts --against main --services services/*`
    )
    .addCommand(contractsNewCommand())
    .addCommand(contractsPullCommand())
    .addCommand(contractsExtractCommand())
    .addCommand(contractsCheckCommand())
}
