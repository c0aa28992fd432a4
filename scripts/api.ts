import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { relative } from 'node:path'
import { apiReports } from './lib/api-report'
import { parsed } from './lib/options'
import { ROOT } from './lib/run'
import { built } from './lib/steps'

const HELP = `npm run api [-- --check]

Writes api.md of every package: what it exports, with signatures and release tags, from the built declarations.
--check writes nothing and fails where a file is not up to date.
`

/** `npm run api`. */
export async function main(args: readonly string[]): Promise<void> {
  const isCheck = parsed(args, HELP, { options: { check: { type: 'boolean' } } }, ({ values }) => values.check === true)
  await built(async () => {
    const { reports, problems } = apiReports()
    const old = reports.filter(({ file, text }) => !existsSync(file) || readFileSync(file, 'utf8') !== text)
    if (!isCheck) old.forEach(({ file, text }) => writeFileSync(file, text))
    const said = isCheck ? 'not up to date: run npm run api' : 'written'
    for (const { file } of old) console.log(`${relative(ROOT, file)}: ${said}`)
    problems.forEach((problem) => console.log(problem))
    process.exitCode = problems.length > 0 || (isCheck && old.length > 0) ? 1 : 0
  })
}
