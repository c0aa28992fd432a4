import { resolve } from 'node:path'
import pc from 'picocolors'
import { counted, json, print, printable } from '../../terminal/output'
import { withProgress } from '../../terminal/progress'
import { Judge, recordedEvents } from '../../samples'
import type { Verdict } from '../../samples'

/** How recorded events are found, and told of. */
export interface SamplesOptions {
  readonly local?: string
  readonly environment: string
  readonly json?: boolean
}

/** Reads recorded events with what is built in a folder, and tells which fail; resolves with how many. */
export async function checkSamples(folder: string, samples: string, options: SamplesOptions): Promise<number> {
  const app = resolve(folder)
  const judge = Judge.of(app, options.environment)
  const counts = { read: 0, failed: 0, unknown: 0 }
  const { local, environment } = options
  await withProgress(
    { unit: 'event', done: 'read', afterwards: 'Nothing was changed. Run it again to check all of them.' },
    async (progress) => {
      for await (const recorded of progress.counting(recordedEvents(samples, { local, environment, app }))) {
        const verdict = await judge.verdictOn(recorded)
        counts[verdict.outcome] += 1
        if (verdict.outcome === 'failed') await print(options.json ? json({ ...verdict }) : lineOf(verdict))
      }
    }
  )
  if (!options.json) await print(summaryOf(counts))
  return counts.failed
}

function lineOf({ at, type = '(no type)', version = 1, id, error = '' }: Verdict): string {
  const which = `${type} v${version}${id === undefined ? '' : `  id=${id}`}  ${at}`
  return `${pc.red('✗')} ${printable(which)}\n    ${printable(error)}`
}

function summaryOf({ read, failed, unknown }: Record<Verdict['outcome'], number>): string {
  const others = unknown > 0 ? `; ${counted(unknown, 'event')} of types that are not known here` : ''
  const tried = counted(read + failed, 'recorded event')
  return failed > 0 ? pc.red(`${failed} of ${tried} fail${others}`) : `${tried}, none fails${others}`
}
