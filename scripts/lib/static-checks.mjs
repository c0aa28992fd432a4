import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fingerprint, hasPassed, rememberPassed } from './fingerprint.mjs'
import { reportFailure, step } from './progress.mjs'
import { ROOT, runNode } from './run.mjs'

const PACKAGES = join(ROOT, 'packages')
const CODE_FOLDERS = ['packages/*/{src,test,test-types}', 'examples/**/{src,test}']

/** Everything that is checked without running it, in the order of its speed. `group` is what `--only` names. */
export function staticChecks() {
  return [
    { group: 'format', name: 'format (prettier)', run: checkFormat },
    { group: 'imports', name: 'import rules (dependency-cruiser)', run: checkImports },
    { group: 'types', name: 'types of tests', run: () => checkTypes('tsconfig.test.json') },
    ...typeTests(),
    { group: 'lint', name: 'lint (eslint)', run: checkLint },
  ]
}

/**
 * Runs checks, two at a time, and tells of each. One that passed on exactly these files before is not run again, except in CI.
 * Resolves with how many passed and failed.
 */
export async function runStaticChecks(checks) {
  const print = fingerprint()
  const failures = []
  const waiting = checks.values()
  const worker = async () => {
    for (const check of waiting) await runCheck(check, print).catch((error) => failures.push(error))
  }
  await Promise.all([worker(), worker()])
  failures.forEach(reportFailure)
  return { passed: checks.length - failures.length, failed: failures.length }
}

async function runCheck({ name, run }, print) {
  if (hasPassed(name, print)) return step(`${name}, unchanged since it passed`, () => undefined)
  await step(name, run)
  rememberPassed(name, print)
}

const checkFormat = () =>
  runNode('prettier/bin/prettier.cjs', [
    '--check',
    '--cache',
    '--cache-location=.cache/prettier',
    '--log-level=warn',
    '.',
  ])

const checkLint = () => runNode('eslint/bin/eslint.js', ['--max-warnings=0', '.'])

const checkImports = () =>
  runNode('dependency-cruiser/bin/dependency-cruise.mjs', ['--config', '.dependency-cruiser.cjs', ...CODE_FOLDERS])

const checkTypes = (project) => runNode('typescript/bin/tsc', ['--noEmit', '-p', project])

/**
 * Programs that must compile, with `@ts-expect-error` above each line that must not: every folder below a package's `test-types`
 * is one, with its own tsconfig.json.
 */
function typeTests() {
  return readdirSync(PACKAGES)
    .map((name) => `packages/${name}/test-types`)
    .filter((folder) => existsSync(join(ROOT, folder)))
    .flatMap((folder) => readdirSync(join(ROOT, folder)).map((name) => `${folder}/${name}`))
    .filter((folder) => existsSync(join(ROOT, folder, 'tsconfig.json')))
    .map((folder) => ({ group: 'types', name: `type tests ${folder}`, run: () => checkTypes(folder) }))
}
