import { createHash } from 'node:crypto'
import { appendFileSync, existsSync, readFileSync } from 'node:fs'

/** What the run lays down in its folder before it starts services. */
interface Plan {
  readonly seed: number
  /** Origins that the second service cannot handle until the file `healed` is there. */
  readonly poison: readonly string[]
  /** Origins that end the second service's process until the file `healed` names them. */
  readonly lethal: readonly string[]
  /** Of a thousand events, how many a handler fails on once or twice. */
  readonly failing: number
}

const PLAN = JSON.parse(readFileSync('../plan.json', 'utf8')) as Plan
/** One line for each failure so far, so that all processes of a service count together. */
const FAILURES = 'failures.txt'

/** Whether the handler is to fail now; takes note of it. */
export function failuresLeft(stage: string, origin: string): boolean {
  if (stage === 'second' && PLAN.poison.includes(origin)) return !existsSync('../healed')
  if (failures(origin) >= planned(stage, origin)) return false
  appendFileSync(FAILURES, `${origin}\n`)
  return true
}

/** Whether the handler is to end its process now. */
export function isLethal(stage: string, origin: string): boolean {
  if (stage !== 'second' || !PLAN.lethal.includes(origin)) return false
  return !existsSync('../healed') || !readFileSync('../healed', 'utf8').split('\n').includes(origin)
}

function planned(stage: string, origin: string): number {
  const draw = createHash('sha1').update(`${PLAN.seed}/${stage}/${origin}`).digest().readUInt32BE(0)
  return draw % 1000 < PLAN.failing ? 1 + (draw % 2) : 0
}

/** So far, in this process, in those before it and in those beside it. */
function failures(origin: string): number {
  if (!existsSync(FAILURES)) return 0
  return readFileSync(FAILURES, 'utf8')
    .split('\n')
    .filter((line) => line === origin).length
}
