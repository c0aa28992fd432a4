import { expect } from 'chai'
import { checkSpelling, checkTerms, readProse } from '../scripts/words/check'
import { proseOf } from '../scripts/words/prose'
import { CommandFailed } from '../scripts/lib/run'
import { tools } from '../scripts/lib/tools'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './support/source-tree'
import { orSkip } from './support/or-skip'

/** What a check found, each in a line. */
async function found(check: () => void | Promise<void>): Promise<string[]> {
  try {
    await check()
    return []
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error
    return error.output.split('\n').filter((line) => line.trim() !== '')
  }
}

describe('the check of words', function () {
  this.timeout(300_000)

  it('reads pages, READMEs, messages and doc comments', async () => {
    const paths = [...(await readProse()).keys()]
    expect(paths).to.include.members([
      'README.md',
      'CHANGELOG.md',
      'docs/reference/errors.md',
      'packages/kafka-streamer/README.md',
      'packages/streamers/src/declare/checks.ts',
    ])
  })

  it('reads sentences and doc comments of public names where they stand, and no code', () => {
    const code = [
      '/** Opens the log.',
      ' * @public */',
      'export function open(name: string): void {',
      '  // a comment inside',
      "  throw new Error('It is lost,' + name + 'word' + `and ${name} is gone`)",
      '}',
      '/** Hidden. */',
      "const QUERY = 'SELECT name FROM logs'",
    ].join('\n')
    const lines = proseOf('a.ts', code).split('\n')
    expect(lines.map((line) => line.trim())).to.deep.equal([
      '/** Opens the log.',
      '*         */',
      '',
      '',
      "'It is lost,'                              } is gone`",
      '',
      '',
      '',
    ])
    expect(lines[4].indexOf("'It")).to.equal(code.split('\n')[4].indexOf("'It"))
  })

  it('reads text of pages, and no code, links or tags', () => {
    const page = 'See [the page](https://a.example/x) and `code`.\n\n```ts\nconst a = 1\n```\n\n<!-- file: a.ts -->\n'
    expect(proseOf('a.md', page).split(/\s+/).join(' ').trim()).to.equal('See [the page and .')
  })

  it('finds terms, and says what to write', async () => {
    const prose = new Map([['a.md', 'Mended.\nIt is made\nanew, as it is, whoever reads it.']])
    expect(await found(() => checkTerms(prose))).to.deep.equal([
      "a.md:3:1 'anew': write 'again', or say what is created",
      "a.md:1:1 'Mended': write 'fix'",
      "a.md:3:17 'whoever': write 'who', or who it is",
    ])
  })

  it('finds words that are spelled wrong', async function () {
    await orSkip(this, tools)
    const prose = new Map([
      ['docs/a.md', 'An event is\nrecieved from Kafka.'],
      ['docs/b.md', 'The dead letter is redriven.'],
    ])
    expect((await found(() => checkSpelling(prose))).join()).to.match(/^docs\/a\.md\.txt:2:1 - .*recieved[^\n]*$/)
  })

  it('has a dictionary that is sorted, with words that are used', async () => {
    const words = readFileSync(join(ROOT, 'scripts/words/dictionary.txt'), 'utf8').trimEnd().split('\n')
    expect(words).to.deep.equal(
      [...new Set(words)].sort((one, other) => (one.toLowerCase() < other.toLowerCase() ? -1 : 1))
    )
    const all = [...(await readProse()).values()].join('\n').toLowerCase()
    expect(words.filter((word) => !all.includes(word.toLowerCase()))).to.deep.equal([])
  })
})
