import { rename } from 'node:fs/promises'
import { Command } from 'commander'
import pc from 'picocolors'
import { environmentOption } from '../../terminal/environment'
import { finish, print } from '../../terminal/output'
import { withProgress } from '../../terminal/progress'
import { withStore } from '../../app/sql-store'
import { writeLines } from '../../terminal/write-lines'

const AFTERWARDS =
  'The store is as it was. Run the same command again: it starts again, and replaces the unfinished .part file.'

/** `boost-streamers store export`. */
export function exportCommand(): Command {
  return new Command('export')
    .description('write all of the store as JSON lines')
    .argument('[file]', 'where to; standard output by default')
    .addOption(environmentOption())
    .addHelpText(
      'after',
      `
Events, what of them is not dispatched, snapshots, read models and the streaming state; no connections and subscriptions.
Stop the service first, so that all of it is of one moment. A file has its name only when it is whole.
After Ctrl-C run it again: it starts again.

Examples:
  $ boost-streamers store export store.jsonl
  $ boost-streamers store export store.jsonl -e production`
    )
    .action(exportStore)
}

async function exportStore(file: string | undefined, { environment }: { environment: string }): Promise<void> {
  await withStore(environment, (store) =>
    withProgress({ unit: 'line', done: 'written', afterwards: AFTERWARDS }, async (progress) => {
      const exported = progress.counting(store.export())
      if (file === undefined) {
        for await (const line of exported) await print(JSON.stringify(line))
        return
      }
      const lines = await writeLines(`${file}.part`, exported)
      progress.end()
      await rename(`${file}.part`, file)
      await print(`${pc.green('✓')} ${lines} lines in ${file}`)
    })
  )
  await finish()
}
