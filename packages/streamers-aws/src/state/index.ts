export { DynamoState } from './dynamo-state'
export type { DynamoStateOptions } from './dynamo-state'
