import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fingerprint, hasPassed, rememberPassed } from './fingerprint.mjs'
import { checkPackages } from './publishing.mjs'
import { reportFailure, step } from './progress.mjs'
import { ROOT, runNode } from './run.mjs'

const PACKAGES = join(ROOT, 'packages')
const CODE_FOLDERS = ['packages/*/{src,test,test-types}', 'examples/**/{src,test}']

/** Everything that is checked without running it. `group` is what `--only` names, `seconds` about what it takes. */
export function staticChecks() {
  return [
    { group: 'format', seconds: 20, name: 'format (prettier)', run: checkFormat },
    { group: 'imports', seconds: 20, name: 'import rules (dependency-cruiser)', run: checkImports },
    { group: 'types', seconds: 60, name: 'types of tests', run: () => checkTypes('tsconfig.test.json') },
    ...typeTests(),
    { group: 'packages', seconds: 15, name: 'packages as published (publint, attw)', run: checkPackages },
    { group: 'packages', seconds: 10, name: 'nothing unused (knip)', run: checkUnused },
    { group: 'lint', seconds: 120, name: 'lint (eslint)', run: checkLint },
  ]
}

/**
 * Checks as jobs for a pool, each of which tells of itself. One that passed on exactly these files before is not run again, except
 * in CI. `end` answers how many passed and failed, and says again what failed.
 */
export function checkJobs(checks) {
  const print = fingerprint()
  const failures = []
  const runOne = async (check) => {
    await runCheck(check, print).catch((error) => failures.push(error))
  }
  const end = () => {
    if (failures.length > 0) console.log('\nWhat failed')
    failures.forEach(reportFailure)
    return { passed: checks.length - failures.length, failed: failures.length }
  }
  return { jobs: checks.map((check) => ({ seconds: check.seconds, run: () => runOne(check) })), end }
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

const checkUnused = () => runNode('knip/bin/knip.js', ['--treat-config-hints-as-errors'])

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
    .map((folder) => ({ group: 'types', seconds: 10, name: `type tests ${folder}`, run: () => checkTypes(folder) }))
}
