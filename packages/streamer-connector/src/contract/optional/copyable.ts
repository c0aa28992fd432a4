import type { StreamerConnector } from '../streamer-connector'
import { has } from './has'

/**
 * Makes another one of itself, for somebody who reads beside the service, as a recorder.
 * @experimental
 */
export interface Copyable {
  /**
   * Another streamer with the same options, which has opened nothing. It reads in a group of its own: where the options name a group or a queue, its name has `-READER` behind
   * it; else the name follows from what `attach` says. Throws `OPTION_INVALID` where nobody else can read beside this one.
   */
  copyFor(reader: string): StreamerConnector
}

/**
 * Whether it can make another one of itself.
 * @experimental
 */
export function isCopyable(value: unknown): value is Copyable {
  return has(value, 'copyFor')
}
