import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CommandFailed, runNode } from './run.mjs'

/** Not in .mocharc.json, which would add them to the files that a person names. */
const SPECS = ['packages/*/test/**/*.test.ts', 'examples/**/test/**/*.test.ts', 'test/**/*.test.ts']

/**
 * Runs every mocha test of the repository, or of `specs`, or those whose title contains `grep`, and shows mocha's own report. Resolves with how many passed and
 * failed; a run that broke off before its end, or that held no test at all, counts as one failure more.
 */
export async function runUnitTests({ grep, node, specs = SPECS } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'streamers-test-'))
  const counts = join(folder, 'counts.json')
  const filter = grep === undefined ? [] : ['--fgrep', grep]
  const args = ['--reporter', 'scripts/lib/mocha-reporter.cjs', ...filter, ...specs]
  try {
    const ended = await runMocha(args, { node, env: { MOCHA_COUNTS: counts } })
    return readCounts(counts, ended)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function runMocha(args, options) {
  try {
    await runNode('mocha/bin/mocha.js', args, { ...options, show: true })
    return true
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error
    return false
  }
}

function readCounts(file, endedWell) {
  const { passed, failed } = read(file)
  const untold = (!endedWell && failed === 0) || passed + failed === 0
  return { passed, failed: failed + (untold ? 1 : 0) }
}

function read(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return { passed: 0, failed: 0 }
  }
}
