/** One shape that a field of an event class can have, and what becomes of values there. Values are written as JavaScript. */
export interface Shape {
  /** The field's type, or what the class declares instead of `value!: TYPE`. */
  readonly type: string
  /** What the class declares, where it is not `readonly value!: TYPE`. */
  readonly body?: string
  /** Its base class with the rest of the heading. */
  readonly extending?: string
  /** The field's name in an event. Default `value`. */
  readonly field?: string
  /** Values that are the field's, and how a handler is shown each; by default as it came. */
  readonly valid: readonly (string | readonly [value: string, seen: string])[]
  /** Values that are refused. */
  readonly wrong: readonly string[]
  /** Values that are not the field's, and that only a schema knows of. */
  readonly doubtful?: readonly string[]
  /** Values that are the field's, and how a handler is shown each where a schema says what is in them; without one they stay as they came. */
  readonly revived?: readonly (readonly [value: string, seen: string])[]
  /** Values that are not the field's, and that not even a schema knows of. */
  readonly unknown?: readonly string[]
  /** What becomes of an event without the field; `doubt`: only a schema knows that it may not be missing. */
  readonly missing: 'refused' | 'taken' | 'doubt'
}

export const T = '"2026-11-29T01:02:03.004Z"'
export const AT = 'Date 2026-11-29T01:02:03.004Z'
export const INNER = `{ n: 1, at: ${T} }`
export const SEEN_INNER = `Inner { n: 1, at: ${AT} }`
