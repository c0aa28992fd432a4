import { StreamerError } from '../../contract'

/**
 * What an event class may say of itself.
 * @internal
 */
export interface WithWireType {
  readonly name: string
  /** What the events of the class are called on the wire (CloudEvents `type`). Default: the class's name. */
  readonly eventType?: unknown
}

/** Control characters and halves of a surrogate pair: no broker carries them as they are. */
const UNPRINTABLE = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]|^\s|\s$/u
const MOST_CHARACTERS = 1_000

/**
 * What the events of a class are called on the wire: its `static readonly eventType`, as `'com.acme.PostLiked'`, or else its name. The one place
 * that says so. Throws `OPTION_INVALID` for an `eventType` that is no printable text.
 * @internal
 */
export function wireTypeOf(eventClass: WithWireType): string {
  const { eventType, name } = eventClass
  if (eventType === undefined) return name
  checkWireType(eventType, `static eventType of class ${name}`)
  return eventType
}

/**
 * Throws `OPTION_INVALID` for what is no name of events on the wire.
 * @internal
 */
export function checkWireType(type: unknown, at: string): asserts type is string {
  if (typeof type === 'string' && type !== '' && type.length <= MOST_CHARACTERS && !UNPRINTABLE.test(type)) return
  throw new StreamerError('OPTION_INVALID', `The type of an event on the wire is ${wrong(type)}.`, {
    at,
    hint: `Use a printable string of 1 to ${MOST_CHARACTERS} characters, such as 'com.acme.PostLiked'.`,
  })
}

function wrong(type: unknown): string {
  if (typeof type !== 'string') return `no text but a ${type === null ? 'null' : typeof type}`
  return type === '' ? 'empty' : 'too long, or has blanks at an end or characters that cannot be printed'
}
