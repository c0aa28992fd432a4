import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { ROOT } from '../run'

const FILE = join(ROOT, 'scripts/test-weights.json')
/** Seconds that a file is thought to take which has never been measured. */
const UNKNOWN_SECONDS = 5
/** A file of at least so many seconds has a process of its own. */
const HEAVY_SECONDS = 12
/** Files that are quicker share a process, one after another, up to so many seconds: to start one takes more than a second of a processor. */
const BATCH_SECONDS = 60

/** Seconds by test file, as they were measured last. */
function readWeights(): Record<string, number> {
  return existsSync(FILE) ? (JSON.parse(readFileSync(FILE, 'utf8')) as Record<string, number>) : {}
}

/** Keeps what was measured, and forgets the files that are gone. `seconds` has the files that ran, `existing` all that there are. */
export function writeWeights(seconds: Readonly<Record<string, number>>, existing: readonly string[]): void {
  const known: Readonly<Record<string, number>> = { ...readWeights(), ...seconds }
  const kept = existing.filter((file) => known[file] !== undefined)
  const rounded = kept.sort().map((file) => [file, Math.max(1, Math.round(known[file]))] as const)
  writeFileSync(FILE, `${JSON.stringify(Object.fromEntries(rounded), null, 2)}\n`)
}

interface Weighed {
  readonly file: string
  readonly seconds: number
}

/** What one process runs, and what that is thought to take. */
export interface Batch {
  readonly files: readonly string[]
  readonly seconds: number
}

/**
 * What is run in one process each, longest first: a heavy file alone, quick files of one package together. The same files and
 * weights make the same plan.
 */
export function plan(files: readonly string[], weights: Readonly<Record<string, number>> = readWeights()): Batch[] {
  const weighed = files.map((file) => ({ file, seconds: weights[file] ?? UNKNOWN_SECONDS }))
  const heavy = weighed.filter(({ seconds }) => seconds >= HEAVY_SECONDS)
  const quick = weighed.filter(({ seconds }) => seconds < HEAVY_SECONDS)
  const batches = [...heavy.map((each) => [each]), ...batchesOf(quick)]
  return batches
    .map((batch) => ({ files: batch.map(({ file }) => file), seconds: sum(batch) }))
    .sort((a, b) => b.seconds - a.seconds)
}

function batchesOf(weighed: readonly Weighed[]): Weighed[][] {
  const batches: Weighed[][] = []
  for (const each of weighed) {
    const last = batches.at(-1)
    const fits = last && sum(last) + each.seconds <= BATCH_SECONDS && packageOf(last[0].file) === packageOf(each.file)
    if (fits) last.push(each)
    else batches.push([each])
  }
  return batches
}

const sum = (batch: readonly Weighed[]): number => batch.reduce((total, { seconds }) => total + seconds, 0)

const packageOf = (file: string): string =>
  file.startsWith('packages/') ? file.split('/', 2).join('/') : dirname(file).split('/')[0]
