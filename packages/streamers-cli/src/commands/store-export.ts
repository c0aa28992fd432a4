import { rename } from 'node:fs/promises'
import { Command } from 'commander'
import pc from 'picocolors'
import { finish, print } from '../output'
import { withStore } from '../sql-store'
import { writeLines } from '../write-lines'

/** `boost-streamers store export`. */
export function exportCommand(): Command {
  return new Command('export')
    .description('write all of the store as JSON lines')
    .argument('[file]', 'where to; standard output by default')
    .option('-e, --environment <name>', "Booster's environment", 'local')
    .addHelpText(
      'after',
      `
Events, what of them is not dispatched, snapshots, read models and the streaming state; no connections and subscriptions.
Stop the service first, so that all of it is of one moment. A file has its name only when it is whole.

Examples:
  $ boost-streamers store export store.jsonl
  $ boost-streamers store export store.jsonl -e production`
    )
    .action(exportStore)
}

async function exportStore(file: string | undefined, { environment }: { environment: string }): Promise<void> {
  await withStore(environment, async (store) => {
    if (file === undefined) {
      for await (const line of store.export()) await print(JSON.stringify(line))
      return
    }
    const lines = await writeLines(`${file}.part`, store.export())
    await rename(`${file}.part`, file)
    await print(`${pc.green('✓')} ${lines} lines in ${file}`)
  })
  await finish()
}
