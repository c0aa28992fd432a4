import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { relative } from 'node:path'
import { ROOT } from './lib/run.mjs'
import { ensureBuilt, ensureInstalled } from './lib/steps.mjs'

const HELP = `npm run api [-- --check]

Writes api.md of every package: what it exports, with signatures and release tags, from the built declarations.
--check writes nothing and fails where a file is not up to date.
`

const [option] = process.argv.slice(2)
if (option !== undefined && option !== '--check') {
  console.log(HELP)
  process.exit(option === '--help' ? 0 : 2)
}
await ensureInstalled()
await ensureBuilt()
const { apiReports } = await import('./lib/api-report.mjs')
const { reports, problems } = apiReports()
const old = reports.filter(({ file, text }) => !existsSync(file) || readFileSync(file, 'utf8') !== text)
if (option === undefined) old.forEach(({ file, text }) => writeFileSync(file, text))
const said = option === undefined ? 'written' : 'not up to date: run npm run api'
for (const { file } of old) console.log(`${relative(ROOT, file)}: ${said}`)
problems.forEach((problem) => console.log(problem))
process.exitCode = problems.length > 0 || (option !== undefined && old.length > 0) ? 1 : 0
