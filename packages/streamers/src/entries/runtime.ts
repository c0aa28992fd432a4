export {
  EVENTS_OF_PROVIDER,
  backfill,
  handledClasses,
  handledEventTypes,
  handlerChecks,
  invokedStreaming,
  jsonLog,
  linksOf,
  publicationsOf,
  readEvent,
  replayLink,
  runStreamedHandlers,
  startWorker,
  streamingHealth,
} from '../booster'
export type {
  AppLink,
  AppPublication,
  BackfillOptions,
  Backfilled,
  CheckedBy,
  FindsEvents,
  FoundEvent,
  HandlerCheck,
  InvokedApp,
  RegisteredEvent,
  ReplayOptions,
  Replayed,
  Worker,
} from '../booster'
export type {
  CarriedClass,
  ConfiguredStreamers,
  EventDecorator,
  EventHandlerDecorator,
  HandledClass,
  HandlingOptions,
  HasSame,
  NotCarrying,
  OwnHandlingOptions,
  ReceivingOptions,
  RequiredCapabilities,
  StartAt,
  StreamedBatchHandler,
  StreamedEventHandler,
  TopicDoesNotCarryEvent,
} from '../declare'
export { METRICS, ignoredAt, ignoredInWords, prometheusName } from '../observe'
export type {
  ConnectorHealth,
  IgnoredAt,
  LeftBehind,
  LinkHealth,
  MetricDefinition,
  MetricName,
  ObserveOptions,
  RelayHealth,
  StateHealth,
  StreamingHealth,
} from '../observe'
export { Outbox, RecentEvents, Relay } from '../publish'
export type { EventSource, OutboxOptions, RelayOptions, StoredEvent } from '../publish'
export { InFlight, PushReceiver, Receiver, RunGate } from '../receive'
export type {
  Effects,
  ErrorClass,
  Link,
  Outcome,
  PushReceiverOptions,
  ReceiverObserver,
  ReceiverOptions,
  RetryPolicy,
} from '../receive'
export {
  LeasedReceiver,
  STATE_OF_PROVIDER,
  defaultFolderOf,
  isOtherState,
  stateOf,
  takeInRows,
  takeOverFolder,
} from '../runtime'
export type {
  InvokedStreaming,
  LeasedReceiverOptions,
  ProvidesState,
  Receiving,
  StatefulConfig,
  TakenOver,
} from '../runtime'
export type { Backoff } from '../timing'
