/**
 * What differs between the databases in the words of a schema.
 * @internal
 */
export interface SchemaWords {
  /** A primary key that the database counts up and never gives twice. */
  readonly place: string
  readonly bytes: string
}

/**
 * The tables, as migrations: one entry a version, never edited once released.
 *
 * `inbox.starts` is null unless a process has ended with the claim: then it counts the runs alone that have not ended, and `slow` those that
 * others did not wait for. `address` and `began_at` are written for a run that lasts, and for one that is counted.
 * @internal
 */
export function migrations({ place, bytes }: SchemaWords): string[] {
  return [
    `CREATE TABLE pending (
       place ${place},
       address TEXT NOT NULL,
       id TEXT NOT NULL,
       type_name TEXT NOT NULL,
       entity_type_name TEXT NOT NULL,
       entity_id TEXT NOT NULL,
       slot INTEGER NOT NULL,
       marked_at BIGINT NOT NULL,
       owner TEXT NOT NULL,
       context TEXT NOT NULL,
       refused TEXT,
       UNIQUE (address, id)
     );
     CREATE INDEX pending_by_address ON pending (address, place);
     CREATE TABLE inbox (
       handler TEXT NOT NULL,
       source TEXT NOT NULL,
       id TEXT NOT NULL,
       state TEXT NOT NULL,
       owner TEXT NOT NULL,
       claimed_until BIGINT NOT NULL,
       at BIGINT NOT NULL,
       outcome ${bytes},
       PRIMARY KEY (handler, source, id)
     );
     CREATE INDEX inbox_by_age ON inbox (at) WHERE state = 'finished';
     CREATE TABLE parked (
       place ${place},
       address TEXT NOT NULL,
       handler TEXT NOT NULL,
       lane TEXT,
       source TEXT NOT NULL,
       id TEXT NOT NULL,
       state TEXT NOT NULL,
       holds INTEGER NOT NULL,
       attempts INTEGER NOT NULL,
       due_at BIGINT NOT NULL,
       first_at BIGINT NOT NULL,
       last_at BIGINT NOT NULL,
       cause TEXT,
       event ${bytes} NOT NULL,
       UNIQUE (address, handler, source, id)
     );
     CREATE INDEX parked_by_lane ON parked (address, handler, lane, place);
     CREATE TABLE leases (
       name TEXT NOT NULL PRIMARY KEY,
       owner TEXT NOT NULL,
       until BIGINT NOT NULL
     );
     CREATE TABLE paused_links (
       address TEXT NOT NULL,
       handler TEXT NOT NULL,
       PRIMARY KEY (address, handler)
     );
     CREATE TABLE revision (
       only_row INTEGER NOT NULL PRIMARY KEY,
       number BIGINT NOT NULL
     );
     INSERT INTO revision (only_row, number) VALUES (1, 0);
     CREATE TABLE positions (
       address TEXT NOT NULL PRIMARY KEY,
       position TEXT NOT NULL
     );`,
    `ALTER TABLE inbox ADD COLUMN starts INTEGER;
     ALTER TABLE inbox ADD COLUMN slow INTEGER NOT NULL DEFAULT 0;
     ALTER TABLE inbox ADD COLUMN address TEXT;
     ALTER TABLE inbox ADD COLUMN began_at BIGINT;
     CREATE INDEX inbox_by_address ON inbox (address) WHERE address IS NOT NULL;`,
    `CREATE TABLE state_identity (
       role TEXT NOT NULL,
       id TEXT NOT NULL,
       at BIGINT NOT NULL,
       PRIMARY KEY (role, id)
     );
     CREATE UNIQUE INDEX state_identity_self ON state_identity (role) WHERE role = 'self';`,
    `CREATE TABLE ignored_types (
       address TEXT NOT NULL,
       type TEXT NOT NULL,
       events BIGINT NOT NULL,
       last_at BIGINT NOT NULL,
       PRIMARY KEY (address, type)
     );`,
    `CREATE TABLE timers (
       handler TEXT NOT NULL,
       name TEXT NOT NULL,
       id TEXT NOT NULL,
       due_at BIGINT NOT NULL,
       set_at BIGINT NOT NULL,
       delay_ms BIGINT,
       lane TEXT,
       content ${bytes} NOT NULL,
       PRIMARY KEY (handler, name)
     );
     CREATE INDEX timers_by_due ON timers (due_at, handler, name);
     CREATE INDEX timers_by_setting ON timers (set_at) WHERE delay_ms IS NOT NULL;`,
  ]
}
