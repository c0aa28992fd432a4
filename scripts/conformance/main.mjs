import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runColumn } from '@boostercloud/streamer-testkit/conformance'
import { ROOT } from '../lib/run.mjs'
import { columnsNamed } from './columns.mjs'
import { conclusion, hasFailures, table } from './report.mjs'

const columns = await columnsNamed(process.argv.slice(2)).catch((error) => {
  console.error(error.message)
  process.exit(2)
})
const report = {}
for (const column of columns) {
  console.log(`\n${column.name}`)
  report[column.name] = await runColumn(column, (name, verdict) =>
    console.log(`  ${verdict.split(':')[0].padEnd(8)} ${name}`)
  )
}
mkdirSync(join(ROOT, 'reports'), { recursive: true })
writeFileSync(join(ROOT, 'reports/conformance.json'), `${JSON.stringify(report, null, 2)}\n`)
console.log(`\n${table(report)}\n\n${conclusion(report)}`)
process.exitCode = hasFailures(report) ? 1 : 0
