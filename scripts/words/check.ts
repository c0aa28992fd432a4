import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { CommandFailed, ROOT, run } from '../lib/run'
import { tools } from '../lib/tools'
import { proseOf } from './prose'
import { foundTerms } from './terms'

/** What people read: pages, READMEs, and the messages and doc comments of the packages. */
const READ = ['*.md', 'docs/**/*.md', 'packages/*/README.md', 'examples/*/README.md', 'packages/*/src/**/*.ts']
/** Suites of test cases, whose texts are values and not messages. */
const NOT_READ = /^packages\/streamer-testkit\/src\/(?:cases|hostile|values)\/|^docs\/reference\/benchmarks\.md$/

/** Prose by the path of its file. */
export type Prose = ReadonlyMap<string, string>

/** The prose of the repository. */
export async function readProse(): Promise<Prose> {
  const { stdout } = await promisify(execFile)('git', ['ls-files', ...READ], { cwd: ROOT, maxBuffer: 1e8 })
  const paths = stdout.split('\n').filter((path) => path !== '' && !NOT_READ.test(path))
  return new Map(
    await Promise.all(
      paths.map(async (path) => [path, proseOf(path, await readFile(join(ROOT, path), 'utf8'))] as const)
    )
  )
}

/** Rejects with each term that must not be used, and what to write in its place. */
export function checkTerms(prose: Prose): void {
  const found = [...prose].flatMap(([path, text]) => foundTerms(text).map((line) => `${path}:${line}`))
  if (found.length > 0) throw new CommandFailed('terms', 1, found.join('\n'))
}

/** Rejects with each word that no dictionary has; ours is scripts/words/dictionary.txt. */
export async function checkSpelling(prose: Prose): Promise<void> {
  const installed = await tools()
  const folder = await mkdtemp(join(tmpdir(), 'streamers-words-'))
  try {
    for (const [path, text] of prose) {
      const file = join(folder, `${path}.txt`)
      await mkdir(dirname(file), { recursive: true })
      await writeFile(file, text)
    }
    await cp(join(__dirname, 'dictionary.txt'), join(folder, '.dictionary.txt'))
    const config = {
      version: '0.2',
      language: 'en',
      dictionaries: ['ours', 'softwareTerms', 'typescript', 'node', 'npm', 'aws'],
      dictionaryDefinitions: [{ name: 'ours', path: join(folder, '.dictionary.txt') }],
      allowCompoundWords: false,
    }
    await writeFile(join(folder, 'cspell.json'), JSON.stringify(config))
    const args = [join(installed, 'cspell/bin.mjs'), 'lint', '--no-progress', '--no-summary', '--no-gitignore']
    await run(process.execPath, [...args, '--root', folder, '--config', join(folder, 'cspell.json'), '**/*.txt'])
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
