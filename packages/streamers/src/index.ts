export * from '@boostercloud/streamer-connector'
export {
  Event,
  EventHandler,
  SchemaMigration,
  backfill,
  linksOf,
  publicationsOf,
  runStreamedHandlers,
  streamingHealth,
} from './booster'
export type { AppLink, AppPublication, BackfillOptions, Backfilled, RegisteredEvent } from './booster'
export type {
  ConfiguredStreamers,
  EventDecorator,
  EventHandlerDecorator,
  EventOptions,
  HandlingOptions,
  OwnHandlingOptions,
  ReceivingOptions,
  RequiredFacts,
  StartAt,
  StreamedBatchHandler,
  StreamedEventHandler,
  StreamingOptions,
  TopicDoesNotCarryEvent,
  TypedHandlerOptions,
  UntypedHandlerOptions,
} from './declare'
export type { ConnectorHealth, LinkHealth, ObserveOptions, RelayHealth, StateHealth, StreamingHealth } from './observe'
export { Outbox, RecentEvents, Relay } from './publish'
export type { EventSource, OutboxOptions, RelayOptions, StoredEvent } from './publish'
export { InFlight, Receiver } from './receive'
export type { Effects, Link, Outcome, ReceiverObserver, ReceiverOptions, RetryPolicy } from './receive'
export { LeasedReceiver, stateOf } from './runtime'
export type { LeasedReceiverOptions, Receiving, StatefulConfig } from './runtime'
export {
  SqlStateStore,
  fromStored,
  openEmbeddedState,
  packEvent,
  stateMigrations,
  toStored,
  unpackEvent,
} from './state'
export type {
  Claim,
  ParkedEvent,
  PendingMark,
  SchemaWords,
  SqlDatabase,
  SqlRow,
  SqlStatement,
  SqlValue,
  StateChange,
  StateOwner,
  StateProvider,
  StateStore,
} from './state'
