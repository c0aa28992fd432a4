import { availableParallelism } from 'node:os'
import { stopWorkers } from './worker-process.mjs'

/** Most tests wait more than they compute: a heavy file takes a third to a half of one processor. */
export const DEFAULT_JOBS = Math.min(8, availableParallelism() + 2)

/**
 * Runs jobs, `size` at a time, longest first: each has the `seconds` it is thought to take, and `run`, which must not reject and
 * may answer more jobs, which come next. Resolves when none is left.
 */
export async function runPool(jobs, size = DEFAULT_JOBS) {
  const waiting = [...jobs].sort((a, b) => b.seconds - a.seconds)
  let running = 0
  await new Promise((resolve, reject) => {
    const fill = () => {
      if (running === 0 && waiting.length === 0) resolve()
      while (running < size && waiting.length > 0) {
        running += 1
        waiting
          .shift()
          .run()
          .then((more = []) => {
            running -= 1
            waiting.unshift(...more)
            fill()
          })
          .catch(reject)
      }
    }
    fill()
  })
}

/** From now on what the tests have started ends with this process, however this process ends. */
export function stopWorkersAtEnd() {
  process.once('exit', stopWorkers)
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ]) {
    process.once(signal, () => {
      console.error(`Stopped by ${signal}.`)
      process.exit(code)
    })
  }
}
