import { currentDeclarations } from './install'

export { linksOf, publicationsOf } from './app-links'
export type { AppLink, AppPublication } from './app-links'
export { backfill } from './backfill'
export type { BackfillOptions, Backfilled } from './backfill'
export { Event, EventHandler, SchemaMigration } from './decorators'
export { streamingHealth } from './install'
export { runStreamedHandlers } from './testing'
export type { RegisteredEvent } from './testing'

// Importing the package is enough for `config.streamers` to be checked at boot.
currentDeclarations()
