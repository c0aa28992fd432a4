/** Marks the file as a log of ours: "BSlg". */
export const APPLICATION_ID = 0x42536c67

/**
 * One entry a version; never edited once released.
 *
 * `log` has one row: the random id by which a recreated log is told from the one before, and the bytes of all events. Numbers of events
 * grow through the whole log and are never given twice (AUTOINCREMENT), not even after the newest event is gone. Times never fall.
 * `group_members` keeps which streaming state reads a topic under a group's name, one row for each of its processes; the newest row of a state stays.
 */
export const MIGRATIONS = [
  `CREATE TABLE log (id TEXT NOT NULL, bytes INTEGER NOT NULL);
   INSERT INTO log (id, bytes) VALUES (lower(hex(randomblob(8))), 0);
   CREATE TABLE events (
     sequence INTEGER PRIMARY KEY AUTOINCREMENT,
     topic TEXT NOT NULL,
     published_at INTEGER NOT NULL,
     bytes INTEGER NOT NULL,
     message_key TEXT,
     content_type TEXT,
     attributes TEXT NOT NULL,
     headers TEXT NOT NULL,
     body BLOB NOT NULL
   );
   CREATE INDEX events_by_topic ON events (topic, sequence);
   CREATE INDEX events_by_time ON events (published_at);`,
  `CREATE TABLE group_members (
     group_name TEXT NOT NULL,
     topic TEXT NOT NULL,
     state_id TEXT NOT NULL,
     member TEXT NOT NULL,
     owned_until INTEGER NOT NULL,
     PRIMARY KEY (group_name, topic, state_id, member)
   ) WITHOUT ROWID;`,
]
