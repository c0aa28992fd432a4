import { performance } from 'node:perf_hooks'

/** Does a step of the work and writes one line about it: whether it went well and how long it took. Rejects as the step does. */
export async function step(name, work) {
  const begun = performance.now()
  let mark = '✗'
  try {
    const result = await work()
    mark = '✓'
    return result
  } finally {
    const seconds = ((performance.now() - begun) / 1000).toFixed(1)
    console.log(`${mark} ${name.padEnd(56)}${seconds.padStart(6)} s`)
  }
}

/** What a failed step has to say: the output of the command beneath, then its own words. */
export function reportFailure(error) {
  console.error(`\n${error.cause?.message || error.stack}\n\n${error.message}\n`)
}

/** The line that ends every run of tests. */
export function summary({ passed, failed }) {
  return `${passed} passed, ${failed} failed`
}
