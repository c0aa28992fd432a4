import { rocket } from './rocket'

export { LEFT_OUT } from './fixes/fix-size'
export type { AwsStreamingParameters, KafkaAccess, Fixes, Network } from './parameters'
export { resourcesOf } from './resources/resources'
export type { BoosterParts, Deployment } from './parts'
export type { DeployedAddress, Streams } from './streams'
export { synthesize } from './synthesize'
export type { Resource, Resources } from './template'

/** What Booster's infrastructure loads for `packageName: '@boostercloud/streamers-aws/infrastructure'`. */
export default rocket
