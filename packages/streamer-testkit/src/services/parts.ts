import type { Link, RetryPolicy } from '@boostercloud/streamers/runtime'
import type { StateStore } from '@boostercloud/streamers/state'
import type { OpenConnector } from '../bench/open-connector'

/**
 * What a service of the suite is made of, besides its handler.
 * @public
 */
export interface ServiceParts {
  readonly connector: OpenConnector
  readonly state: StateStore
  readonly links: readonly Link[]
}

/** Short delays, so that cases are fast. */
const RETRY: RetryPolicy = { attempts: 4, firstDelayMs: 20, factor: 2, maxDelayMs: 100, jitter: 0 }

/** A link of the suite's services to a topic, with what a case wants otherwise. */
export function linkTo(topic: string, own: Partial<Link> = {}): Link {
  return {
    address: `under-test/${topic}`,
    handler: 'Handler',
    retry: RETRY,
    afterDeadLetter: 'hold',
    holdLimit: 1_000,
    newerVersionLimitMs: 3_600_000,
    maxStarts: 5,
    ...own,
  }
}

const quiet = (): void => undefined

/** A service that has nothing to say. */
export const SILENT = {
  log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
  observe: { handled: quiet, parked: quiet, died: quiet, ignored: quiet, refused: quiet, received: quiet },
}

/** All services of the suite claim in one name: each stands for a later run of the same service. */
export const OWNER = 'conformance'
