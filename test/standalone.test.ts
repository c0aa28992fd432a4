import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { expect } from 'chai'
import { ROOT } from './support/source-tree'

interface Rule {
  readonly title: string
  /** Which files it holds for. */
  readonly files: RegExp
  readonly forbids: (line: string, path: string) => boolean
  /** A line that it refuses in a file at the root. */
  readonly example: string
}

/** Put together, so that this file does not hold what it looks for. */
const word = (...parts: string[]): string => parts.join('')

const RULES: readonly Rule[] = [
  {
    title: 'names no folder beside the repository',
    files: /./,
    forbids: (line, path) => line.includes(word('/wo', 'rk/')) || leavesTheRepository(line, path),
    example: word('see ../', 'shared/notes.md'),
  },
  {
    title: 'binds nobody to one registry in its lock file',
    files: /(^|\/)(package-lock|npm-shrinkwrap)\.json$/,
    forbids: (line) => /"resolved": "(https?|git)/.test(line),
    example: '"resolved": "https://registry.example/a.tgz"',
  },
  {
    title: 'runs all of its tests',
    files: /\.test\.ts$/,
    forbids: (line) => new RegExp(word('\\.', 'only\\(|\\b(describe|context|it)\\.', 'skip\\(')).test(line),
    example: word('it.', "only('works', () => {})"),
  },
  {
    title: 'leaves nothing for later in what is published',
    files: /^packages\/[^/]+\/src\//,
    forbids: (line) => new RegExp(word('\\b(TO', 'DO|FIX', 'ME|X', 'XX)\\b')).test(line),
    example: word('// TO', 'DO: the rest'),
  },
]

describe('the repository', () => {
  const paths = trackedFiles()

  it('has files to look at', () => {
    expect(paths).to.include.members(['package.json', 'package-lock.json', 'test/standalone.test.ts'])
  })

  for (const { title, files, forbids, example } of RULES) {
    it(title, () => {
      const found = paths.filter((path) => files.test(path)).flatMap((path) => linesThat(forbids, path))
      expect(found).to.deep.equal([])
      expect(forbids(example, 'a-file-at-the-root')).to.equal(true)
    })
  }
})

describe('the lock file', () => {
  it('holds what every platform needs, and not only the one it was written on', () => {
    const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as LockFile
    const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).filter((name) => !placesOf(name, path).some((place) => place in packages))
    )
    expect(missing).to.deep.equal([])
    expect(placesOf('b', 'node_modules/a')).to.deep.equal(['node_modules/a/node_modules/b', 'node_modules/b'])
  })
})

interface LockFile {
  readonly packages: Readonly<Record<string, { readonly optionalDependencies?: Readonly<Record<string, string>> }>>
}

/** Where a dependency of what stands at `path` may stand, the nearest first. */
function placesOf(name: string, path: string): string[] {
  const parts = path === '' ? [] : path.split('/')
  return [...parts.keys(), parts.length]
    .reverse()
    .filter((length) => parts[length - 1] !== 'node_modules' && !parts[length - 1]?.startsWith('@'))
    .map((length) => [...parts.slice(0, length), 'node_modules', name].join('/'))
}

/** Whether a line names a folder `shared` that lies beside the repository, not in it. */
function leavesTheRepository(line: string, path: string): boolean {
  const named = line.match(/(?:\.\.\/)+shared\b/g) ?? []
  return named.some((relative) => normalize(join(dirname(path), relative)).startsWith('..'))
}

/** Every file of the repository, those that are not committed yet too. */
function trackedFiles(): string[] {
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard']
  const listed = execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' }).split('\0')
  return listed.filter((path) => path !== '' && existsSync(join(ROOT, path)))
}

function linesThat(forbids: Rule['forbids'], path: string): string[] {
  return readFileSync(join(ROOT, path), 'utf8')
    .split('\n')
    .flatMap((line, index) => (forbids(line, path) ? [`${path}:${index + 1}: ${line.trim()}`] : []))
}
