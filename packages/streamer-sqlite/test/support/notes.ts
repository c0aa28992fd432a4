/** The schema that these tests use. */
export const NOTES = [
  'CREATE TABLE notes (seq INTEGER PRIMARY KEY AUTOINCREMENT, writer TEXT NOT NULL, n INTEGER NOT NULL)',
]

export const INSERT = 'INSERT INTO notes (writer, n) VALUES (?1, ?2)'
