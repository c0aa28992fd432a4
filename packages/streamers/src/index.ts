// By `export *` all the way to its declaration: only so does `declare module '@boostercloud/streamers'` add to it.
export * from '@boostercloud/streamer-connector/streamers'
export { StreamerError, isStreamerError, metadataOf, streamer } from '@boostercloud/streamer-connector'
export type {
  Address,
  EventMetadata,
  EventsAt,
  ExternalEvent,
  StreamerConnector,
} from '@boostercloud/streamer-connector'
export { Event, EventHandler, SchemaMigration, ToVersion, cancelLater, later } from './booster'
export type { LaterOptions, LaterTime } from './booster'
export { DoNotRetryError } from './receive'
export type { EventHandlerOptions, EventOptions, StreamingOptions } from './declare'
