import { functionsOf } from './booster-stack'
import type { Stack } from './booster-stack'

/** Lambda takes no new function on these, or soon none. */
const ENDED = /^nodejs(\d|1\d|20)\./

/**
 * Booster 2.10.1 asks for `nodejs14.x`, of which Lambda creates no function any more. Every function of the stack on a runtime that has ended is
 * put on this one. Can go when Booster's `params.lambda` names a runtime that is supported.
 */
export function fixRuntime(stack: Stack, runtime: string): void {
  for (const each of functionsOf(stack)) {
    if (ENDED.test(each.runtime ?? '')) each.addPropertyOverride('Runtime', runtime)
  }
}
