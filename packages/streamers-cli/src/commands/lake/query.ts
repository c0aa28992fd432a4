import { jsonText } from '@boostercloud/streamer-connector'
import type { LakeRow } from '@boostercloud/streamers-lake'
import { Command } from 'commander'
import { lakeOption, withLake } from '../../lake/open-lake'
import type { LakePlace } from '../../lake/open-lake'
import { finish, json, print } from '../../terminal/output'
import { tableLines } from '../../terminal/table'

/** `boost-streamers lake query`. */
export function queryCommand(): Command {
  return new Command('query')
    .description('run a query of SQL on the lake')
    .argument('<sql>', 'one SELECT, as DuckDB takes it')
    .option('--json', 'print one JSON object per line')
    .addOption(lakeOption())
    .addHelpText(
      'after',
      `
The view events has each event once, by its source and id, with its payload as JSON; the view deliveries has a row for each recorded event. It needs the
package @duckdb/node-api. A query can read nothing but the lake, and can write nothing.

Examples:
  $ boost-streamers lake query "SELECT type, count(*) FROM events GROUP BY type"
  $ boost-streamers lake query "SELECT payload->>'title' FROM events" --json
  $ boost-streamers lake query "DESCRIBE events"`
    )
    .action(query)
}

async function query(sql: string, { json: asJson, ...place }: LakePlace & { readonly json?: boolean }): Promise<void> {
  await withLake(place, async (lake) => {
    const rows = lake.query(sql)
    if (asJson) for await (const row of rows) await print(json(row))
    else for await (const line of tableOf(rows)) await print(line)
  })
  await finish()
}

async function* tableOf(rows: AsyncGenerator<LakeRow, void, undefined>): AsyncGenerator<string, void, undefined> {
  const first = await rows.next()
  if (first.done) return
  const columns = Object.keys(first.value)
  yield* tableLines(columns, cellsOf(first.value, rows))
}

async function* cellsOf(first: LakeRow, rest: AsyncIterable<LakeRow>): AsyncGenerator<string[], void, undefined> {
  yield Object.values(first).map(cellOf)
  for await (const row of rest) yield Object.values(row).map(cellOf)
}

function cellOf(value: unknown): string {
  if (value === null || value === undefined) return ''
  return typeof value === 'string' ? value : jsonText(value)
}
