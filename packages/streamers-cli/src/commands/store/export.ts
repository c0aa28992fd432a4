import { rename } from 'node:fs/promises'
import { Command } from 'commander'
import pc from 'picocolors'
import { environmentOption } from '../../terminal/environment'
import { finish, print } from '../../terminal/output'
import { withProgress } from '../../terminal/progress'
import { withStore } from '../../app/sql-store'
import { writeLines } from '../../terminal/write-lines'

const AFTERWARDS =
  'The store was not changed. Run the same command again: it starts from the beginning, and replaces the unfinished .part file.'

/** `boost-streamers store export`. */
export function exportCommand(): Command {
  return new Command('export')
    .description('write the whole store as JSON lines')
    .argument('[file]', 'the file to write; by default standard output')
    .addOption(environmentOption())
    .addHelpText(
      'after',
      `
It contains events, which of them are not dispatched, snapshots, read models and the streaming state, but no connections
and subscriptions. Stop the service first, so that the export is consistent. The file gets its name only when it is
complete. After Ctrl-C, run the command again: it starts from the beginning.

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
