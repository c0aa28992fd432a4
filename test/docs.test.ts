import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect } from 'chai'

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

  it('quote code at all', () => {
    expect(pages().filter((page) => PASSAGE[Symbol.search](read(page)) >= 0)).to.include.members([
      'README.md',
      'docs/write-your-own-connector.md',
      'examples/bridge/README.md',
    ])
  })
})

function pages(): string[] {
  const docs = readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
  const examples = readdirSync(join(ROOT, 'examples')).map((name) => `examples/${name}/README.md`)
  return [
    'CONTRIBUTING.md',
    'README.md',
    'SECURITY.md',
    ...docs.filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`),
    ...examples.filter((path) => existsSync(join(ROOT, path))),
  ]
}

function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8')
}

/** Whether some lines stand in a file, however far they are indented there. */
function isPassage(lines: string, file: string): boolean {
  return [0, 2, 4, 6]
    .map((blanks) => ' '.repeat(blanks))
    .some((indent) => `\n${file}`.includes(`\n${lines.replace(/^(?=.)/gm, indent)}\n`))
}
