import { StreamerError, isStreamerError } from '@boostercloud/streamer-connector'
import { conformanceCases } from '../cases'
import type { ConnectorUnderTest } from './connector-under-test'
import type { ConformanceOptions } from './options'
import { runCase } from './run-case'
import type { CaseResult } from './run-case'

/**
 * A connector in one way of using it, as a column of the conformance table.
 * @experimental
 */
export interface ConformanceColumn {
  /** As `rabbitmq (competing)`. */
  readonly name: string
  /** As for `testConnector`. Rejects with `PACKAGE_MISSING` if its broker is not available. */
  readonly setUp: () => ConnectorUnderTest | Promise<ConnectorUnderTest>
  readonly options: ConformanceOptions
}

/**
 * What came of one case, as the report has it: `passed`, `failed: why`, `skipped: what is missing`.
 * @experimental
 */
export type Verdict = 'passed' | `failed: ${string}` | `skipped: ${string}`

/**
 * Runs every case on a column, one after another, and reports each. Never rejects. If the broker is not available, every case is skipped
 * with the reason, and failed where `CI=true`.
 * @experimental
 */
export async function runColumn(
  { setUp, options }: ConformanceColumn,
  onVerdict: (name: string, verdict: Verdict) => void = () => undefined
): Promise<Record<string, Verdict>> {
  const verdicts: Record<string, Verdict> = {}
  const tell = (name: string, verdict: Verdict): void => {
    verdicts[name] = verdict
    onVerdict(name, verdict)
  }
  let harness: ConnectorUnderTest
  try {
    harness = await setUp()
  } catch (thrown) {
    for (const { name } of conformanceCases) tell(name, withoutBroker(thrown))
    return verdicts
  }
  for (const each of conformanceCases) {
    const result = await runCase(each, harness, options)
    tell(each.name, unexpected(result, options) ?? verdictOf(result))
  }
  await Promise.allSettled([harness.tearDown?.()])
  return verdicts
}

function verdictOf({ outcome, missing, error }: CaseResult): Verdict {
  if (outcome === 'passed') return 'passed'
  return outcome === 'skipped' ? `skipped: ${missing.join(', ')}` : `failed: ${reason(error)}`
}

/** A column says which cases it skips, so that none is lost unseen. */
function unexpected({ name, outcome, missing }: CaseResult, { skipped }: ConformanceOptions): Verdict | undefined {
  if (skipped === undefined || outcome === 'failed') return undefined
  const isExpected = skipped.includes(name)
  if (outcome === 'skipped' && !isExpected) return `failed: skipped unexpectedly, without ${missing.join(', ')}`
  if (outcome === 'passed' && isExpected) return 'failed: no longer skipped, as the column says it is'
  return undefined
}

function withoutBroker(thrown: unknown): Verdict {
  if (isStreamerError(thrown, 'PACKAGE_MISSING') && process.env.CI !== 'true') return `skipped: ${reason(thrown)}`
  return `failed: ${reason(thrown)}`
}

/** In one line. */
function reason(thrown: unknown): string {
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  return message.replace(/\s+/g, ' ').trim()
}

/**
 * Throws `OPTION_INVALID` where two columns have one name: one would hide the other.
 * @experimental
 */
export function assertDistinct(columns: readonly ConformanceColumn[]): void {
  const names = columns.map(({ name }) => name)
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice === undefined) return
  throw new StreamerError('OPTION_INVALID', `Two conformance columns are named '${twice}'.`, {
    hint: 'Give one of them another name.',
  })
}
