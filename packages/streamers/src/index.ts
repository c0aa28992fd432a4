export * from '@boostercloud/streamer-connector'
export { Event, EventHandler } from './booster'
export type {
  ConfiguredStreamers,
  EventDecorator,
  EventHandlerDecorator,
  EventOptions,
  HandlingOptions,
  ReceivingOptions,
  RequiredFacts,
  StreamedEventHandler,
  StreamingOptions,
  TopicDoesNotCarryEvent,
  TypedHandlerOptions,
  UntypedHandlerOptions,
} from './declare'
export type { RetryPolicy } from './receive'
export { SqlStateStore, stateMigrations } from './state'
export type {
  SchemaWords,
  SqlDatabase,
  SqlRow,
  SqlStatement,
  SqlValue,
  StateOwner,
  StateProvider,
  StateStore,
} from './state'
