import { performance } from 'node:perf_hooks'
import { CommandFailed } from './run'

/** How many passed and failed. */
export interface Counts {
  readonly passed: number
  readonly failed: number
}

/** Does a step of the work and writes one line about it: whether it went well and how long it took. Rejects as the step does. */
export async function step<T>(name: string, work: () => T | Promise<T>): Promise<T> {
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

/** Says what went wrong: the output of a command that failed, else where an error comes from; then its own words. */
export function reportFailure(error: unknown): void {
  const { stack, message, cause } = error as Error
  const before = error instanceof CommandFailed ? error.output : ((cause as Error | undefined)?.message ?? stack)
  console.error(`\n${before}\n\n${message}\n`)
}

/** The line that ends every run of tests. */
export function summary({ passed, failed }: Counts): string {
  return `${passed} passed, ${failed} failed`
}
