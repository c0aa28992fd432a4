import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runColumn } from '@boostercloud/streamer-testkit/conformance'
import type { ConformanceColumn, Verdict } from '@boostercloud/streamer-testkit/conformance'
import { ROOT } from '../lib/run'
import { columnsNamed } from './columns'
import { conclusion, hasFailures, table } from './report'

async function main(names: readonly string[]): Promise<void> {
  const columns = await columnsNamed(names).catch((error: Error) => {
    console.error(error.message)
    process.exit(2)
  })
  const report: Record<string, Readonly<Record<string, Verdict>>> = {}
  for (const column of columns) report[column.name] = await verdictsOf(column)
  mkdirSync(join(ROOT, 'reports'), { recursive: true })
  writeFileSync(join(ROOT, 'reports/conformance.json'), `${JSON.stringify(report, null, 2)}\n`)
  console.log(`\n${table(report)}\n\n${conclusion(report)}`)
  process.exitCode = hasFailures(report) ? 1 : 0
}

async function verdictsOf(column: ConformanceColumn): Promise<Readonly<Record<string, Verdict>>> {
  console.log(`\n${column.name}`)
  return runColumn(column, (name, verdict) => console.log(`  ${verdict.split(':')[0].padEnd(8)} ${name}`))
}

void main(process.argv.slice(2))
