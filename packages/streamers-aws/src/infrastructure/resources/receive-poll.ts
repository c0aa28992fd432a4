import { FUNCTIONS } from '../../names'
import { appFunction, boosterStore, schedule } from './function'
import { idOf } from './logical-id'
import type { Deployment } from '../parts'
import type { DeployedAddress } from '../streams'
import type { Resources } from '../template'

/** A schedule → function, which polls until there is nothing more: for brokers that call no function. */
export function receivedByPolling(deployment: Deployment, { address, streamerId }: DeployedAddress): Resources {
  const id = idOf(address, 'Poll')
  const description = `Polls ${address} until it is drained`
  return {
    ...appFunction(deployment, {
      id,
      does: FUNCTIONS.poll,
      description,
      address,
      allowances: boosterStore(deployment),
      network: deployment.settings.networks[streamerId],
    }),
    ...schedule(id, deployment),
  }
}
