import { parse as parseSafely } from 'secure-json-parse'
import { StreamerError } from '../../contract'
import { isTooDeep } from './json-depth'
import { NumberLost, hasLongRun, mayLoseNumbers, parseWithNumbers, stringifyWithNumbers } from './json-numbers'
import type { JsonNumbers } from './json-numbers'
import { unfitField } from './unfit-field'
import type { UnfitField } from './unfit-field'

const utf8 = new TextDecoder('utf-8', { fatal: true })

/**
 * An event's fields as JSON bytes; a `bigint` is a number there. Throws `EVENT_NOT_ENCODABLE` where JSON has no form for them.
 * @internal
 */
export function encodeJson(event: object, at?: string): Uint8Array {
  let text: string | undefined
  assertEncodable(event, at)
  try {
    text = textOf(event)
  } catch (cause) {
    throw notEncodable((cause as Error).message, at, cause)
  }
  if (text === undefined) throw notEncodable('it has no JSON form', at)
  return Buffer.from(text, 'utf8')
}

/**
 * Throws `EVENT_NOT_ENCODABLE`, naming the field, for an event of which JSON would have something else than it is, or nothing: `NaN`, a `Map`, `undefined` in a
 * list, a circle, text that is not well-formed. `at`: whose event it is.
 * @internal
 */
export function assertEncodable(event: unknown, at?: string): void {
  let unfit: UnfitField | undefined
  try {
    unfit = unfitField(event)
  } catch (cause) {
    throw notEncodable((cause as Error).message, at, cause)
  }
  if (unfit === undefined) return
  const { path, what } = unfit
  throw notEncodable(path === '' ? `it is ${what}` : `its field '${path}' is ${what}`, at)
}

/**
 * A value as JSON text, with a `bigint` as a number: what is shown, hashed, or is a schema. Nothing is refused but a circle (`TypeError`); what JSON has no form for
 * is left out or becomes something else there. An event is written by {@link encodeJson}.
 * @internal
 */
export function jsonText(value: unknown): string {
  return textOf(value) ?? 'null'
}

/** The usual way, and where that has no form for a `bigint`, or none that is read as the same number, one that does. */
function textOf(event: unknown): string | undefined {
  try {
    const text = JSON.stringify(event)
    return text !== undefined && hasLongRun(text) ? stringifyWithNumbers(event) : text
  } catch (cause) {
    if (!(cause instanceof TypeError) || !/BigInt/.test(cause.message)) throw cause
    return stringifyWithNumbers(event)
  }
}

/**
 * JSON bytes (RFC 8259, UTF-8) as a value. A whole number beyond 2^53 is a `bigint`. Throws `EVENT_UNDECODABLE` for anything else, for members that would reach an
 * object's prototype, for numbers that cannot be kept (see {@link JsonNumbers}), and for more levels than {@link isTooDeep} lets pass.
 * @internal
 */
export function decodeJson(body: Uint8Array, numbers: JsonNumbers = {}): unknown {
  if (isTooDeep(body)) {
    throw new StreamerError('EVENT_UNDECODABLE', 'The body is not acceptable JSON: it is nested too deeply.', {
      hint: 'Fix the producer.',
    })
  }
  try {
    const text = utf8From(body)
    const value: unknown = mayHaveForbidden(text)
      ? parseSafely(text, undefined, { protoAction: 'error', constructorAction: 'error' })
      : JSON.parse(text)
    return mayLoseNumbers(text) ? parseWithNumbers(text, numbers) : value
  } catch (thrown) {
    // Without a cause: the parser's message quotes the body.
    throw new StreamerError('EVENT_UNDECODABLE', `The body is not acceptable JSON: ${reason(thrown)}.`, {
      hint: 'Fix the producer, or choose a codec for this streamer that reads what it writes.',
    })
  }
}

/** Without the byte order mark, if there is one. Throws a `TypeError` for what is not UTF-8; the decoder that says so is slower. */
function utf8From(body: Uint8Array): string {
  const text = Buffer.isBuffer(body) ? body.toString() : undefined
  return text === undefined || text.includes('\uFFFD') || text.startsWith('\uFEFF') ? utf8.decode(body) : text
}

/** Whether a member's name may be one of the forbidden, however it is written; false for nearly all that is sent. */
function mayHaveForbidden(text: string): boolean {
  return text.includes('__proto__') || text.includes('constructor') || text.includes('\\u')
}

/** The parser's words without the input that it quotes: a payload does not belong in a log. */
function reason(cause: unknown): string {
  const { message } = cause as Error
  if (cause instanceof NumberLost) return message
  if (/forbidden prototype/i.test(message)) return "it has a forbidden member ('__proto__' or 'constructor.prototype')"
  if (cause instanceof TypeError) return 'it is not UTF-8'
  return 'it cannot be parsed'
}

function notEncodable(why: string, at?: string, cause?: unknown): StreamerError {
  return new StreamerError('EVENT_NOT_ENCODABLE', `The event cannot be written as JSON: ${why}.`, {
    at,
    hint: 'Use fields that JSON can hold: strings, finite numbers, big integers, booleans, null, arrays and plain objects.',
    cause,
  })
}
