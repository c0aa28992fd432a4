/**
 * Everything that depends on how Booster is made inside, and on its version: deep imports, and what has changed between 2.10 and 4. Nothing
 * else of this package may.
 */
export { observeDispatches } from './dispatches'
export { keepLoggers } from './logger'
export { FilteredReadModelPubSub, boundPatterns } from './patterns'
export { healthAnswer, rocketsUp } from './newer-provider'
export type { NewerApi, NewerEvents, NewerSensor, StoredEnvelope, StoredSnapshot } from './newer-provider'
