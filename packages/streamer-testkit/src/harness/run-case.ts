import { Bench } from '../bench/bench'
import type { ConformanceCase, Room } from './conformance-case'
import type { ConnectorUnderTest } from './connector-under-test'
import { missingNeeds } from './needs'
import type { Need } from './needs'
import type { ConformanceOptions } from './options'

/**
 * What came of one case.
 * @public
 */
export interface CaseResult {
  readonly name: string
  readonly room: Room
  readonly outcome: 'passed' | 'failed' | 'skipped'
  /** Why it was skipped. */
  readonly missing: readonly Need[]
  /** Why it failed. */
  readonly error?: unknown
  readonly durationMs: number
}

/**
 * Runs one case against one connector, outside of any test runner. Never rejects: a harness that throws is a failed case. Cases are
 * run one after the other.
 * @public
 */
export async function runCase(
  conformanceCase: ConformanceCase,
  harness: ConnectorUnderTest,
  options: ConformanceOptions = {}
): Promise<CaseResult> {
  const { name, room } = conformanceCase
  const begin = performance.now()
  const result = (outcome: CaseResult['outcome'], missing: readonly Need[], error?: unknown): CaseResult => ({
    name,
    room,
    outcome,
    missing,
    error,
    durationMs: performance.now() - begin,
  })
  try {
    const missing = missingNeeds(conformanceCase, harness)
    if (missing.length > 0) return result('skipped', missing)
    await runOnBench(conformanceCase, new Bench(harness, options))
    return result('passed', [])
  } catch (error) {
    return result('failed', [], error)
  }
}

/** The case's own failure counts before one of closing. */
async function runOnBench(conformanceCase: ConformanceCase, bench: Bench): Promise<void> {
  const [ran] = await Promise.allSettled([conformanceCase.run(bench)])
  const [closed] = await Promise.allSettled([bench.closeAll()])
  if (ran.status === 'rejected') throw ran.reason
  if (closed.status === 'rejected') throw closed.reason
}
