import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { ROOT } from './support/source-tree'

interface Rule {
  readonly title: string
  /** Which files it holds for. */
  readonly files: RegExp
  readonly forbidden: RegExp
  /** A line that it refuses. */
  readonly example: string
}

/** Put together, so that this file does not hold what it looks for. */
const word = (...parts: string[]): string => parts.join('')

const RULES: readonly Rule[] = [
  {
    title: 'names no folder beside the repository',
    files: /./,
    forbidden: new RegExp(word('\\.\\./', 'shared\\b|/', 'work/')),
    example: word('see ../', 'shared/notes.md'),
  },
  {
    title: 'binds nobody to one registry in its lock file',
    files: /(^|\/)(package-lock|npm-shrinkwrap)\.json$/,
    forbidden: /"resolved": "(https?|git)/,
    example: '"resolved": "https://registry.example/a.tgz"',
  },
  {
    title: 'runs all of its tests',
    files: /\.test\.ts$/,
    forbidden: new RegExp(word('\\.', '(only|skip)\\(')),
    example: word('it.', "only('works', () => {})"),
  },
  {
    title: 'leaves nothing for later in what is published',
    files: /^packages\/[^/]+\/src\//,
    forbidden: new RegExp(word('\\b(TO', 'DO|FIX', 'ME|X', 'XX)\\b')),
    example: word('// TO', 'DO: the rest'),
  },
]

describe('the repository', () => {
  const paths = trackedFiles()

  it('has files to look at', () => {
    expect(paths).to.include.members(['package.json', 'package-lock.json', 'test/standalone.test.ts'])
  })

  for (const { title, files, forbidden, example } of RULES) {
    it(title, () => {
      const found = paths.filter((path) => files.test(path)).flatMap((path) => linesWith(forbidden, path))
      expect(found).to.deep.equal([])
      expect(example).to.match(forbidden)
    })
  }
})

/** Every file of the repository, those that are not committed yet too. */
function trackedFiles(): string[] {
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard']
  const listed = execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' }).split('\0')
  return listed.filter((path) => path !== '' && existsSync(join(ROOT, path)))
}

function linesWith(forbidden: RegExp, path: string): string[] {
  return readFileSync(join(ROOT, path), 'utf8')
    .split('\n')
    .flatMap((line, index) => (forbidden.test(line) ? [`${path}:${index + 1}: ${line.trim()}`] : []))
}
