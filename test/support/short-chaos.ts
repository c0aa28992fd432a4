import { expect } from 'chai'
import { check, isGood } from '../../chaos/check'
import type { Verdict } from '../../chaos/check'
import type { History } from '../../chaos/history'
import { details, summary } from '../../chaos/report'
import { runChaos } from '../../chaos/run'
import { scheduleOf } from '../../chaos/schedule'
import type { ScheduleOptions } from '../../chaos/schedule'
import { storiesOf } from '../../chaos/story'

const RUNS = 3

/**
 * A chaos run short enough for a test, whose verdict is good. On a busy machine a run of so few events may end before
 * a service has come to every failpoint where it should die: such a one, with nothing else wrong, is followed by one
 * under the next seed, up to three in all. Whatever is lost, doubled or reordered in any of them fails the test.
 */
export async function shortChaos(options: ScheduleOptions): Promise<{ history: History; verdict: Verdict }> {
  for (let run = 1; ; run += 1) {
    const said: string[] = []
    const schedule = scheduleOf({ ...options, seed: options.seed + run - 1 })
    const history = await runChaos(schedule, { say: (line) => said.push(line) })
    const verdict = check(history)
    const judged = run < RUNS ? { ...verdict, inconclusive: [] } : verdict
    const lines = [summary(verdict), ...details(verdict), ...storiesOf(history, verdict), ...said]
    expect(isGood(judged), lines.join('\n')).to.equal(true)
    if (verdict.inconclusive.length === 0) return { history, verdict }
  }
}
