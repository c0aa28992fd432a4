import type { BoosterConfig } from '@boostercloud/framework-types'
import { StreamerError } from '@boostercloud/streamer-connector'
import { invokedStreaming } from '@boostercloud/streamers/runtime'
import type { InvokedApp } from '@boostercloud/streamers/runtime'
import type { AwsStreamingParameters } from '../infrastructure/parameters'
import { FUNCTIONS } from '../names'
import { requireLoadedSecrets } from '../secrets/load-secrets'
import { DynamoState } from '../state'
import { publish } from './publish'
import { receive } from './receive'
import { poll, retry, sweep } from './schedules'

/** The package that Booster loads when it deploys, and never in a function. */
const ROCKET = '@boostercloud/streamers-aws/infrastructure'

const DOES: Readonly<Record<keyof typeof FUNCTIONS, (app: InvokedApp, request: unknown) => Promise<unknown>>> = {
  receive,
  publish,
  sweep,
  retry,
  poll,
}

/**
 * Has a service stream on AWS: `boost deploy` makes what its links need, and its functions know what to do when the cloud calls them. To be
 * called once, as the last line of the configuration of an environment that is deployed. The state is on DynamoDB, as `DynamoState.at()` has it
 * unless `config.streaming` gives another one. Throws `OPTION_INVALID` where that one is not on DynamoDB,
 * and where the deployment names secrets that `loadSecrets` was not called for.
 * @public
 */
export function streamOnAws(config: BoosterConfig, parameters: AwsStreamingParameters = {}): void {
  requireLoadedSecrets(process.env)
  const { streaming = {} } = config
  if (streaming.state && !(streaming.state instanceof DynamoState)) throw stateElsewhere(config)
  config.streaming = { ...streaming, state: streaming.state ?? DynamoState.at(), invoked: true }
  config.rockets = [...(config.rockets ?? []), { packageName: ROCKET, parameters }]
  for (const [name, id] of Object.entries(FUNCTIONS)) {
    const does = DOES[name as keyof typeof FUNCTIONS]
    config.registerRocketFunction(id, async (called: BoosterConfig, request: unknown) => {
      const app = await invokedStreaming(called)
      return app && does(app, request)
    })
  }
}

/** The stream of the events table stands in for marks, which only the state on DynamoDB knows of. */
function stateElsewhere({ appName, environmentName }: BoosterConfig): StreamerError {
  return new StreamerError(
    'OPTION_INVALID',
    'On AWS, the streaming state must be on DynamoDB. With another one, events would be published twice.',
    {
      at: `config.streaming.state of ${appName} in ${environmentName}`,
      hint: 'Leave it out, or use DynamoState.at({ … }).',
    }
  )
}
