import type { Class } from '@boostercloud/framework-types'

/** A contract's class and the one that a publisher makes of it are the same event. */
export function areRelated(one: Class<unknown>, other: Class<unknown>): boolean {
  return one === other || one.prototype instanceof other || other.prototype instanceof one
}
