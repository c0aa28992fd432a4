import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'

const ROOT = join(__dirname, '..')
/** What reads the clock of a machine, in TypeScript or in a database's words. */
const READS =
  /Date\.now\b|new Date\(\)|performance\.timeOrigin|CURRENT_TIME|clock_timestamp|statement_timestamp|unixepoch|strftime/i

describe('the table of clocks', () => {
  it('names each file of the packages that reads the clock of a machine, and no other', () => {
    const table = rowsOf(readFileSync(join(ROOT, 'docs/explanation/guarantees.md'), 'utf8'))
    expect(table.length).to.be.greaterThan(10)
    const named = new Set(table.flatMap(([, files]) => [...files.matchAll(/`([^`]+)`/g)].map(([, file]) => file)))
    expect([...named].sort()).to.deep.equal(
      sources()
        .filter((file) => READS.test(codeOf(file)))
        .sort()
    )
  })

  it('says of each place what a clock does that is far ahead, and one that is far back', () => {
    for (const row of rowsOf(readFileSync(join(ROOT, 'docs/explanation/guarantees.md'), 'utf8'))) {
      expect(row, row[0]).to.have.length(4)
      expect(
        row.filter((cell) => cell === ''),
        row[0]
      ).to.deep.equal([])
    }
  })
})

/** The cells of the table, without its head. */
function rowsOf(page: string): string[][] {
  const section = page.slice(page.indexOf('\n## Clocks\n'), page.indexOf('\n## Vocabulary\n'))
  const lines = section.split('\n').filter((line) => line.startsWith('|'))
  return lines.slice(2).map((line) =>
    line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim())
  )
}

/** As the table names them: without `packages/`. What is for development and tests stores no time. */
function sources(): string[] {
  const packages = readdirSync(join(ROOT, 'packages')).filter(
    (name) => !['dev-brokers', 'streamer-testkit'].includes(name)
  )
  return packages.flatMap((name) =>
    readdirSync(join(ROOT, 'packages', name, 'src'), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts'))
      .map((path) => `${name}/src/${path}`)
  )
}

/** Without comments. */
function codeOf(file: string): string {
  return readFileSync(join(ROOT, 'packages', file), 'utf8').replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')
}
