/** What a field of a read model is compared with, in SQL. */
export interface FieldWords {
  /** The kind of its value: `text`, `number`, `true`, `false`, `null`, `array`, `object`; NULL where the field is absent. */
  readonly kind: string
  /** Its text; NULL unless it is one. */
  readonly text: string
  /** Its number; NULL unless it is one. */
  readonly number: string
  /** True where it equals the text parameter; an index serves it. */
  readonly isText: (parameter: string) => string
  /** True where it is one of the texts and numbers in the JSON array that is the text parameter; an index serves it. */
  readonly isIn: (parameter: string) => string
  /** True where it compares so with the number parameter; an index serves it. */
  readonly comparesWith: (operator: string, parameter: string) => string
  /** By what it is sorted: absent and null first, then numbers, then texts by their code points. */
  readonly order: (direction: 'ASC' | 'DESC') => string
}

/** What the two databases say differently. */
export interface Dialect {
  readonly name: 'sqlite' | 'postgres'
  /** A field of `read_models` by its path; every part of it is a plain name. */
  readonly field: (path: readonly string[]) => FieldWords
  /** Where a text begins in another, from 1; 0 where it does not. */
  readonly place: (text: string, parameter: string) => string
  /** Rows of the JSON array of arrays that is parameter `?1`: columns `a`, `b` (texts) and `c` (a whole number). */
  readonly keys: string
  /** True where a column is the `a` of one of these keys; an index of the column serves it, also where the database has not counted its values yet. */
  readonly isAmongKeys: (column: string) => string
  /** The column of `read_models` that is searched, of JSON; undefined where their text itself is. */
  readonly searched: string | undefined
  /** What a subquery says that takes only rows which nobody has locked. */
  readonly skipLocked: string
  /** An index for a field of read models. */
  readonly index: (name: string, field: readonly string[]) => string
}

/** A name as part of a path or of an index: what needs no quoting in either database. */
export const PLAIN_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/
