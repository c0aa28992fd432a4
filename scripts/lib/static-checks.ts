import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fingerprint, hasPassed, rememberPassed } from './fingerprint'
import { checkSpelling, checkTerms, readProse } from '../words/check'
import { checkPackages } from './publishing'
import { reportFailure, step } from './progress'
import type { Counts } from './progress'
import { ROOT, runNode } from './run'
import type { Job } from './tests/pool'

const PACKAGES = join(ROOT, 'packages')
const CODE_FOLDERS = ['packages/*/{src,test,test-types}', 'examples/**/{src,test}', 'chaos', 'bench', 'scripts', 'test']

/** What is checked without running it. `group` is what `--only` names, `seconds` about what it takes. */
export interface StaticCheck {
  readonly group: string
  readonly seconds: number
  readonly name: string
  readonly run: () => Promise<unknown>
}

/** All of them. */
export function staticChecks(): StaticCheck[] {
  return [
    { group: 'format', seconds: 20, name: 'format (prettier)', run: checkFormat },
    { group: 'imports', seconds: 20, name: 'import rules (dependency-cruiser)', run: checkImports },
    { group: 'types', seconds: 10, name: 'types of tests and scripts', run: checkTestTypes },
    ...typeTests(),
    { group: 'packages', seconds: 15, name: 'packages as published (publint, attw)', run: checkPackages },
    { group: 'packages', seconds: 10, name: 'nothing unused (knip)', run: checkUnused },
    { group: 'words', seconds: 5, name: 'terms', run: async () => checkTerms(await readProse()) },
    { group: 'words', seconds: 15, name: 'spelling (cspell)', run: async () => checkSpelling(await readProse()) },
    { group: 'lint', seconds: 120, name: 'lint (eslint)', run: checkLint },
  ]
}

/** Jobs for a pool, and what is to be done when all have run: it answers the counts. */
export interface Part {
  readonly jobs: readonly Job[]
  readonly end: () => Counts
}

/**
 * Checks as jobs for a pool, each of which tells of itself. One that passed on exactly these files before is not run again, except
 * in CI. `end` answers how many passed and failed, and says again what failed.
 */
export function checkJobs(checks: readonly StaticCheck[]): Part {
  const print = fingerprint()
  const failures: unknown[] = []
  const runOne = async (check: StaticCheck): Promise<void> => {
    await runCheck(check, print).catch((error: unknown) => failures.push(error))
  }
  const end = (): Counts => {
    if (failures.length > 0) console.log('\nWhat failed')
    failures.forEach(reportFailure)
    return { passed: checks.length - failures.length, failed: failures.length }
  }
  return { jobs: checks.map((check) => ({ seconds: check.seconds, run: () => runOne(check) })), end }
}

async function runCheck({ name, run }: StaticCheck, print: string | undefined): Promise<void> {
  if (hasPassed(name, print)) return step(`${name}, unchanged since it passed`, () => undefined)
  await step(name, run)
  rememberPassed(name, print)
}

const checkFormat = (): Promise<string> =>
  runNode('prettier/bin/prettier.cjs', [
    '--check',
    '--cache',
    '--cache-location=.cache/prettier',
    '--log-level=warn',
    '.',
  ])

const checkLint = (): Promise<string> => runNode('eslint/bin/eslint.js', ['--max-warnings=0', '.'])

const checkImports = (): Promise<string> =>
  runNode('dependency-cruiser/bin/dependency-cruise.mjs', ['--config', '.dependency-cruiser.cjs', ...CODE_FOLDERS])

const checkUnused = (): Promise<string> => runNode('knip/bin/knip.js', ['--treat-config-hints-as-errors'])

/**
 * By the newest compiler, which takes a fifth of the time. It no longer resolves modules as the oldest one does, by which packages are
 * built and their public types are tested.
 */
const checkTestTypes = (): Promise<string> =>
  runNode('typescript-newest/bin/tsc', [
    ...['--noEmit', '--project', 'tsconfig.test.json', '--moduleResolution', 'bundler'],
    ...['--tsBuildInfoFile', '.cache/tsconfig.test.newest.tsbuildinfo'],
  ])

const checkTypes = (project: string): Promise<string> => runNode('typescript/bin/tsc', ['--noEmit', '-p', project])

/**
 * Programs that must compile, with `@ts-expect-error` above each line that must not: every folder below a package's `test-types`
 * is one, with its own tsconfig.json.
 */
function typeTests(): StaticCheck[] {
  return readdirSync(PACKAGES)
    .map((name) => `packages/${name}/test-types`)
    .filter((folder) => existsSync(join(ROOT, folder)))
    .flatMap((folder) => readdirSync(join(ROOT, folder)).map((name) => `${folder}/${name}`))
    .filter((folder) => existsSync(join(ROOT, folder, 'tsconfig.json')))
    .map((folder) => ({ group: 'types', seconds: 10, name: `type tests ${folder}`, run: () => checkTypes(folder) }))
}
