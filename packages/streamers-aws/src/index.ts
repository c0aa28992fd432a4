import { loadSecrets } from './secrets/load-secrets'

// Before the app that imports this reads its options.
loadSecrets(process.env)

export { streamOnAws } from './functions'
export type { AwsStreamingParameters, KafkaAccess, Fixes } from './infrastructure/parameters'
export { DynamoState } from './state'
export type { DynamoStateOptions } from './state'
