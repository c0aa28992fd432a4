import { currentDeclarations } from './install'

export { ToVersion } from '@boostercloud/framework-core'
export { linksOf, publicationsOf } from './app-links'
export type { AppLink, AppPublication } from './app-links'
export { invokedStreaming } from './invoked'
export type { InvokedApp } from './invoked'
export { backfill } from './backfill'
export type { BackfillOptions, Backfilled } from './backfill'
export { Event, EventHandler, SchemaMigration } from './decorators'
export { EVENTS_OF_PROVIDER } from './finds-events'
export type { FindsEvents, FoundEvent } from './finds-events'
export { handlerChecks } from './handler-checks'
export type { CheckedBy, HandlerCheck } from './handler-checks'
export { handledClasses, handledEventTypes, readEvent } from './recorded'
export { startWorker, streamingHealth } from './install'
export type { Worker } from './install'
export { runStreamedHandlers } from './testing'
export type { RegisteredEvent } from './testing'

// Importing the package is enough for `config.streamers` to be checked at boot.
currentDeclarations()
