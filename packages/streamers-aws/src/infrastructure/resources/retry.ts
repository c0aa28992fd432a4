import { FUNCTIONS } from '../../names'
import { appFunction, boosterStore, schedule } from './function'
import type { Deployment } from '../parts'
import type { Resources } from '../template'

const RETRY = 'StreamersRetry'

/** A schedule → function, which tries again what is parked and due. */
export function retried(deployment: Deployment): Resources {
  return {
    ...appFunction(deployment, {
      id: RETRY,
      does: FUNCTIONS.retry,
      description: 'Tries again what is parked',
      allowances: boosterStore(deployment),
    }),
    ...schedule(RETRY, deployment),
  }
}
