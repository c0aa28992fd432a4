import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { StreamerError } from '@boostercloud/streamer-connector'
import { expect } from 'chai'
import { pages } from './support/pages'

const ROOT = resolve(__dirname, '..')

/** A code block of a page that names the file it is a passage of. */
const PASSAGE = /<!-- code: (\S+) -->\n+```\w*\n([\s\S]*?)```/g
const LINK = /\]\((?!https?:|#)([^)#\s]+)/g

describe('docs', () => {
  for (const page of pages()) {
    for (const [, file, passage] of read(page).matchAll(PASSAGE)) {
      it(`${page} quotes ${file} as it is: ${passage.trim().split('\n')[0]}`, () => {
        expect(isPassage(passage.trimEnd(), read(file)), `in ${file} there is no\n${passage}`).to.equal(true)
      })
    }

    for (const [, target] of read(page).matchAll(LINK)) {
      it(`${page} links to ${target}, which is there`, () => {
        expect(existsSync(resolve(ROOT, page, '..', target))).to.equal(true)
      })
    }
  }

  it('list every code of an error for whoever writes a connector', () => {
    const codes = read('packages/streamer-connector/src/contract/streamer-error.ts').matchAll(/^ {2}\| '(\w+)'/gm)
    const listed = read('docs/how-to/write-your-own-connector.md').matchAll(/^\| `(\w+)` +\|/gm)
    const [all, told] = [codes, listed].map((found) => new Set(Array.from(found, ([, code]) => code)))
    expect(all.size).to.be.greaterThan(20)
    expect([...all].filter((code) => !told.has(code))).to.deep.equal([])
  })

  it('show whole files of a connector and its test', () => {
    const page = read('docs/how-to/write-your-own-connector.md')
    for (const file of ['src/folder-streamer.ts', 'test/folder-streamer.test.ts', 'test/support/create.ts']) {
      expect(page).to.include(`\n${read(`examples/own-connector/${file}`)}\`\`\`\n`)
    }
    expect(read('examples/own-connector/src/folder-streamer.ts').split('\n').length).to.be.at.most(151)
  })

  it('quote code at all', () => {
    expect(pages().filter((page) => PASSAGE[Symbol.search](read(page)) >= 0)).to.include.members([
      'README.md',
      'docs/how-to/write-your-own-connector.md',
      'examples/bridge/README.md',
    ])
  })
})

describe('docs/reference/errors.md', () => {
  const codes = [
    ...read('packages/streamer-connector/src/contract/streamer-error.ts').matchAll(/^ {2}\| '([A-Z_]+)'$/gm),
  ]
  const page = read('docs/reference/errors.md')

  it('has a cause and a remedy for every code, and no other code', () => {
    const sections = page.split(/^### /m).slice(1)
    const described = sections.filter((text) => /\n\n.+\n[\s\S]*\*\*Fix:\*\* \S/.test(text))
    expect(sections.map((text) => text.split('\n')[0]).sort()).to.deep.equal(codes.map(([, code]) => code).sort())
    expect(described).to.have.length(codes.length)
  })

  it('is where an error points to', () => {
    const { url } = new StreamerError('STREAMER_FORBIDDEN', 'No.')
    expect(url).to.match(/\/docs\/reference\/errors\.md#streamer_forbidden$/)
  })
})

function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8')
}

/** Whether some lines stand in a file, however far they are indented there. */
function isPassage(lines: string, file: string): boolean {
  return [0, 2, 4, 6]
    .map((blanks) => ' '.repeat(blanks))
    .some((indent) => `\n${file}`.includes(`\n${lines.replace(/^(?=.)/gm, indent)}\n`))
}
