import { availableParallelism } from 'node:os'
import { stopWorkers } from './worker-process'

/** Most tests wait more than they compute: a heavy file takes less than half of one processor. */
export const DEFAULT_JOBS = Math.min(8, availableParallelism() + 3)

/** Something to be run. */
export interface Job {
  /** What it is thought to take. */
  readonly seconds: number
  /** Must not reject, and may answer more jobs, which come next. */
  readonly run: () => Promise<void | readonly Job[]>
}

/** Runs jobs, `size` at a time, longest first. Resolves when none is left. */
export async function runPool(jobs: readonly Job[], size = DEFAULT_JOBS): Promise<void> {
  const waiting = [...jobs].sort((a, b) => b.seconds - a.seconds)
  const one = async (): Promise<void> => {
    for (let job = waiting.shift(); job; job = waiting.shift()) waiting.unshift(...((await job.run()) ?? []))
  }
  await Promise.all(Array.from({ length: size }, one))
}

/** From now on what the tests have started ends with this process, however this process ends. */
export function stopWorkersAtEnd(): void {
  process.once('exit', stopWorkers)
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    process.once(signal, () => {
      console.error(`Stopped by ${signal}.`)
      process.exit(code)
    })
  }
}
