import { Command } from 'commander'
import { compactCommand } from './compact'
import { exportCommand } from './export'
import { forgetCommand } from './forget'
import { getCommand } from './get'
import { infoCommand } from './info'
import { queryCommand } from './query'
import { recordCommand } from './record'
import { retainCommand } from './retain'
import { replayCommand } from './replay'
import { tailCommand } from './tail'
import { verifyCommand } from './verify'

/** `boost-streamers lake`. */
export function lakeCommand(): Command {
  return new Command('lake')
    .description('the event lake: record the events of addresses permanently, and read them back')
    .addHelpText(
      'after',
      `
It needs @boostercloud/streamers-lake, which is installed in the app or beside this command. Only record needs an app.

Examples:
  $ boost-streamers lake record
  $ boost-streamers lake info
  $ boost-streamers lake get --key post-17
  $ boost-streamers lake query "SELECT type, count(*) FROM events GROUP BY type"
  $ boost-streamers lake replay main-kafka/posts --into main/posts --local .booster/main
  $ boost-streamers lake verify`
    )
    .addCommand(recordCommand())
    .addCommand(infoCommand())
    .addCommand(getCommand())
    .addCommand(tailCommand())
    .addCommand(exportCommand())
    .addCommand(queryCommand())
    .addCommand(replayCommand())
    .addCommand(verifyCommand())
    .addCommand(compactCommand())
    .addCommand(forgetCommand())
    .addCommand(retainCommand())
}
