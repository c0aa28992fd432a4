import { FUNCTIONS } from '../../names'
import { appFunction, boosterStore, schedule } from './function'
import type { Deployment } from '../parts'
import type { Resources } from '../template'

const RETRY = 'StreamersRetry'

/** A schedule → function, which tries again what is parked and due, and stores delayed events that are. */
export function retried(deployment: Deployment): Resources {
  return {
    ...appFunction(deployment, {
      id: RETRY,
      does: FUNCTIONS.retry,
      description: 'Tries again what is parked, and stores delayed events',
      allowances: boosterStore(deployment),
    }),
    ...schedule(RETRY, deployment),
  }
}
