import { stateMigrations } from '@boostercloud/streamers/state'
import type { SchemaWords } from '@boostercloud/streamers/state'

/** What differs between the databases in the words of this schema. */
export interface StoreWords extends SchemaWords {
  /** A text that is compared by its code points. */
  readonly text: string
  /** A column of `read_models` by which they are searched, where their text alone does not do. */
  readonly searched: string
}

/** Versions of the streaming state that were there before the ids; later ones go behind those. */
const STATE_BEFORE_IDS = 3

/** One entry a version, forward only, never edited once released. */
export function storeMigrations(words: StoreWords): string[] {
  const state = stateMigrations(words)
  return [
    entitiesAndEvents(words) + readModels(words) + connections(words),
    ...state.slice(0, STATE_BEFORE_IDS),
    streamsIds(words),
    ...state.slice(STATE_BEFORE_IDS),
  ]
}

/**
 * `entities`: one row an entity; its events are `at` > 0, in microseconds, given under the row's lock, so that none is lower than one that
 * was seen. Those up to `dispatched_at` are dispatched.
 */
function entitiesAndEvents({ text }: StoreWords): string {
  return `
    CREATE TABLE entities (
      type ${text} NOT NULL,
      id ${text} NOT NULL,
      last_at BIGINT NOT NULL,
      dispatched_at BIGINT NOT NULL,
      due_at BIGINT NOT NULL,
      attempts INTEGER NOT NULL DEFAULT 0,
      failure TEXT,
      owner TEXT NOT NULL DEFAULT '',
      leased_until BIGINT NOT NULL DEFAULT 0,
      PRIMARY KEY (type, id)
    );
    CREATE INDEX entities_waiting ON entities (due_at) WHERE last_at > dispatched_at;
    CREATE TABLE events (
      entity_type ${text} NOT NULL,
      entity_id ${text} NOT NULL,
      at BIGINT NOT NULL,
      type ${text} NOT NULL,
      envelope TEXT NOT NULL,
      PRIMARY KEY (entity_type, entity_id, at)
    );
    CREATE INDEX events_by_type ON events (type, at);
    CREATE INDEX events_by_entity_type ON events (entity_type, at);
    CREATE TABLE snapshots (
      entity_type ${text} NOT NULL,
      entity_id ${text} NOT NULL,
      at BIGINT NOT NULL,
      envelope TEXT NOT NULL,
      PRIMARY KEY (entity_type, entity_id)
    );
    CREATE TABLE dispatched_events (
      id ${text} NOT NULL PRIMARY KEY
    );`
}

function readModels({ text, searched }: StoreWords): string {
  return `
    CREATE TABLE read_models (
      type ${text} NOT NULL,
      id ${text} NOT NULL,
      sequence ${text} NOT NULL,
      version BIGINT NOT NULL,
      value TEXT NOT NULL,
      ${searched}
      PRIMARY KEY (type, id, sequence)
    );`
}

function connections({ text, place }: StoreWords): string {
  return `
    CREATE TABLE subscriptions (
      connection_id ${text} NOT NULL,
      id ${text} NOT NULL,
      class_name ${text} NOT NULL,
      expires_at BIGINT NOT NULL,
      envelope TEXT NOT NULL,
      PRIMARY KEY (connection_id, id)
    );
    CREATE INDEX subscriptions_by_class ON subscriptions (class_name);
    CREATE TABLE connections (
      id ${text} NOT NULL PRIMARY KEY,
      expires_at BIGINT NOT NULL,
      data TEXT NOT NULL
    );
    CREATE TABLE messages (
      place ${place},
      connection_id ${text} NOT NULL,
      data TEXT NOT NULL,
      sent_at BIGINT NOT NULL
    );
    CREATE TABLE scheduled (
      name ${text} NOT NULL PRIMARY KEY,
      fired_at BIGINT NOT NULL
    );`
}

/** The ids that streaming gives to events, by which it finds those that wait for a broker; older rows and older replicas leave it out. */
function streamsIds({ text }: StoreWords): string {
  return `
    ALTER TABLE events ADD COLUMN streams_id ${text};
    CREATE INDEX events_by_streams_id ON events (streams_id) WHERE streams_id IS NOT NULL;`
}
