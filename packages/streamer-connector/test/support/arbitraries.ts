import fc from 'fast-check'
import type { PublishedMetadata } from '../../src'

/** Any text that can travel: every character there is, no lone half of a surrogate pair. */
export const text = fc.string({ unit: 'binary', maxLength: 40 }).filter((it) => !/\p{Cs}/u.test(it))

/** Text that is not empty, as CloudEvents asks of its attributes. */
export const words = text.filter((it) => it !== '')

/** Names that reach an object's prototype are refused, and tested apart. */
const forbidden = (key: string): boolean => ['__proto__', 'constructor', 'toJSON'].includes(key)

/** What JSON can hold, to some depth. There is no -0 in what JSON writes. */
export const jsonValue = fc.jsonValue({ maxDepth: 3, stringUnit: 'binary' }).filter((value) => isPlain(value))

/** An event's fields. */
export const fields = fc.dictionary(
  words.filter((key) => !forbidden(key)),
  jsonValue,
  { maxKeys: 6 }
)

/** Everything that an event can be published with. */
export const publishedMetadata: fc.Arbitrary<PublishedMetadata> = fc.record(
  {
    id: words,
    type: words,
    source: words,
    time: fc
      .date({ min: new Date(0), max: new Date('9999-12-31T00:00:00.000Z'), noInvalidDate: true })
      .map((date) => date.toISOString()),
    version: fc.integer({ min: 1, max: 1_000_000 }),
    subject: words,
    key: words,
    correlationId: words,
    causationId: words,
    traceparent: words,
    tracestate: words,
    headers: fc.dictionary(fc.stringMatching(/^x-[a-z]{1,8}$/), text, { maxKeys: 3 }),
  },
  { requiredKeys: ['id', 'type', 'source', 'time'] }
)

/** What is received where somebody else writes a value: a double that looks like a whole number is taken for one. */
export function asReceived(value: unknown): unknown {
  if (typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value)) {
    return /e/.test(String(value)) ? value : BigInt(String(value))
  }
  if (Array.isArray(value)) return value.map(asReceived)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, asReceived(inner)]))
}

function isPlain(value: unknown): boolean {
  if (Object.is(value, -0)) return false
  if (typeof value !== 'object' || value === null) return true
  return Object.entries(value).every(([key, inner]) => !forbidden(key) && isPlain(inner))
}
