import { stateMigrations } from '@boostercloud/streamers/state'

/**
 * What a schema holds.
 * @internal
 */
export interface SchemaContent {
  /** What it is for, in messages to people: `the streaming state`. */
  readonly purpose: string
  /** The table that says whose schema it is, and of which version; by it the schema is known. */
  readonly table: string
  /** The tables, forward only: entry i takes version i to i + 1. Never edited once released. */
  readonly migrations: readonly string[]
}

/**
 * How PostgreSQL counts places up, and calls bytes.
 * @internal
 */
export const POSTGRES_WORDS = { place: 'BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY', bytes: 'BYTEA' }

export const STREAMING_STATE: SchemaContent = {
  purpose: 'the streaming state',
  table: 'streaming_state',
  migrations: stateMigrations(POSTGRES_WORDS),
}
