export { queueStatement } from './client'
export { EventBridgeStreamer } from './eventbridge-streamer'
export { batchResponse } from './operate'
export type { BatchResponse } from './operate'
export { queueName, resourcesOf, ruleName, rulePattern } from './options'
export type {
  EventBridgeArchive,
  EventBridgeResources,
  EventBridgeStreamerOptions,
  EventBridgeTopic,
  EventPattern,
  Service,
} from './options'
