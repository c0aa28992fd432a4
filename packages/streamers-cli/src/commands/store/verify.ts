import { StreamerError } from '@boostercloud/streamer-connector'
import { Command } from 'commander'
import pc from 'picocolors'
import { environmentOption } from '../../terminal/environment'
import { counted, finish, print, printable } from '../../terminal/output'
import { withProgress } from '../../terminal/progress'
import { withStore } from '../../app/sql-store'

/** `boost-streamers store verify`. */
export function verifyCommand(): Command {
  return new Command('verify')
    .description('check the whole store; exits with 1 if something is wrong')
    .addOption(environmentOption())
    .addHelpText(
      'after',
      `
It reads every event, snapshot and read model, and checks a SQLite file page by page. The service may be running.

Examples:
  $ boost-streamers store verify`
    )
    .action(verify)
}

async function verify({ environment }: { environment: string }): Promise<void> {
  await withStore(environment, async (store) => {
    const options = {
      unit: 'row',
      done: 'looked at',
      afterwards: 'Nothing was changed. Run it again to look through all of it.',
    }
    const faults = await withProgress(options, async (progress) => {
      let count = 0
      for await (const fault of store.verify({ at: (what) => progress.at(what), row: () => progress.add() })) {
        count += 1
        await print(printable(fault))
      }
      return count
    })
    if (faults > 0) {
      throw new StreamerError('STORAGE_DAMAGED', `${counted(faults, 'problem')} found in the store.`, {
        hint: 'Keep the database as it is, and restore a backup beside it.',
      })
    }
    await print(`${pc.green('✓')} the store is whole`)
  })
  await finish()
}
