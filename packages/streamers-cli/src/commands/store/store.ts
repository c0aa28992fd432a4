import { Command } from 'commander'
import { exportCommand } from './export'
import { importCommand } from './import'
import { infoCommand } from './info'
import { verifyCommand } from './verify'

/** `boost-streamers store`. */
export function storeCommand(): Command {
  return new Command('store')
    .description('the database of an app on @boostercloud/framework-provider-sql')
    .addHelpText(
      'after',
      `
It is found like the service finds it: by the options of the app in the current folder, and DATABASE_URL.

Examples:
  $ boost-streamers store info
  $ boost-streamers store verify
  $ boost-streamers store export store.jsonl
  $ boost-streamers store import --from-nedb .booster`
    )
    .addCommand(infoCommand())
    .addCommand(verifyCommand())
    .addCommand(exportCommand())
    .addCommand(importCommand())
}
