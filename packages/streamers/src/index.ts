export * from '@boostercloud/streamer-connector'
export {
  Event,
  EventHandler,
  SchemaMigration,
  ToVersion,
  backfill,
  handledClasses,
  invokedStreaming,
  linksOf,
  publicationsOf,
  readEvent,
  runStreamedHandlers,
  startWorker,
  streamingHealth,
} from './booster'
export type {
  InvokedApp,
  AppLink,
  AppPublication,
  BackfillOptions,
  Backfilled,
  RegisteredEvent,
  Worker,
} from './booster'
export type {
  ConfiguredStreamers,
  EventDecorator,
  EventHandlerDecorator,
  EventHandlerOptions,
  EventOptions,
  HandlingOptions,
  OwnHandlingOptions,
  ReceivingOptions,
  RequiredCapabilities,
  StartAt,
  StreamedBatchHandler,
  StreamedEventHandler,
  StreamingOptions,
  TopicDoesNotCarryEvent,
} from './declare'
export type { ConnectorHealth, LinkHealth, ObserveOptions, RelayHealth, StateHealth, StreamingHealth } from './observe'
export { Outbox, RecentEvents, Relay } from './publish'
export type { EventSource, OutboxOptions, RelayOptions, StoredEvent } from './publish'
export { InFlight, PushReceiver, Receiver } from './receive'
export type {
  Effects,
  Link,
  Outcome,
  PushReceiverOptions,
  ReceiverObserver,
  ReceiverOptions,
  RetryPolicy,
} from './receive'
export { LeasedReceiver, STATE_OF_PROVIDER, stateOf } from './runtime'
export type { InvokedStreaming, LeasedReceiverOptions, ProvidesState, Receiving, StatefulConfig } from './runtime'
export {
  SqlStateStore,
  fromStored,
  openEmbeddedState,
  packEvent,
  stateMigrations,
  stateStatements,
  toStored,
  unpackEvent,
} from './state'
export type {
  Claim,
  ClaimRequest,
  ClaimTerms,
  EventContext,
  InboxKey,
  KnownRun,
  LaneId,
  MarksPage,
  ParkedCount,
  ParkedEvent,
  ParkedLane,
  PendingCount,
  PendingMark,
  Retention,
  SchemaWords,
  SqlDatabase,
  SqlRow,
  SqlStatement,
  SqlValue,
  StateChange,
  StateCounts,
  StateOwner,
  StateProvider,
  StateStore,
  TransactionOptions,
} from './state'
