import * as fc from 'fast-check'
import type { RecordedEvent } from '../../src/format'

/** An event at a position of the partition `0` of `main/posts`. */
export function recorded(position: number, more: Partial<RecordedEvent> = {}): RecordedEvent {
  return {
    streamer: 'main',
    topic: 'posts',
    partition: '0',
    position,
    id: `id-${position}`,
    type: 'PostCreated',
    version: 1,
    source: 'blog',
    subject: `post-${position}`,
    key: `post-${position}`,
    time: '2026-11-30T12:00:00.123Z',
    recordedAt: 1_790_000_000_000 + position,
    message: {
      contentType: 'application/json',
      attributes: { specversion: '1.0', id: `id-${position}`, type: 'PostCreated', source: 'blog' },
      headers: {},
      body: Buffer.from(JSON.stringify({ postId: `post-${position}` })),
    },
    ...more,
  }
}

const text = fc.option(fc.string({ unit: 'grapheme' }), { nil: undefined })

const time = fc.oneof(
  fc
    .date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
    .map((at) => at.toISOString()),
  fc.constantFrom(
    '2026-11-30T12:00:00+02:00',
    '2026-11-30T12:00:00.123456789Z',
    'yesterday',
    '',
    '1969-12-31T23:59:59.999999Z'
  )
)
const version = fc.oneof(fc.integer(), fc.maxSafeInteger())
const name = fc.oneof(fc.string(), fc.constantFrom('__proto__', '%__proto__', 'constructor'))
const attributeTexts = {
  id: fc.string(),
  type: fc.string(),
  source: fc.string(),
  subject: fc.string(),
  time,
  correlationid: fc.string(),
  causationid: fc.string(),
  traceparent: fc.string(),
  schemaversion: version.map(String),
}

/** A member of an event, and the attributes that it has its value from. */
const MEMBERS = {
  id: 'id',
  type: 'type',
  source: 'source',
  subject: 'subject',
  time: 'time',
  correlationId: 'correlationid',
  causationId: 'causationid',
  traceparent: 'traceparent',
} as const

/** Any event that a broker may deliver: with what is in its attributes, and with what was only in its body. */
export const anyEvent: fc.Arbitrary<RecordedEvent> = fc
  .record({
    streamer: fc.string({ minLength: 1 }),
    topic: text,
    log: text,
    partition: text,
    position: fc.option(fc.maxSafeNat(), { nil: undefined }),
    version: fc.option(version, { nil: undefined }),
    key: text,
    recordedAt: fc.integer({ min: 0, max: 4e12 }),
    data: text,
    undecodable: text,
    fromBody: fc.record({ id: fc.string(), type: fc.string(), time }, { requiredKeys: [] }),
    hasOwnKey: fc.boolean(),
    message: fc.record(
      {
        body: fc.uint8Array(),
        contentType: fc.string(),
        contentEncoding: fc.string(),
        attributes: fc
          .tuple(
            fc.record(attributeTexts, { requiredKeys: [] }),
            fc.dictionary(fc.stringMatching(/^[a-z0-9]{1,20}$/), fc.string())
          )
          .map(([known, others]) => ({ ...others, ...known })),
        headers: fc.dictionary(name, fc.string()),
      },
      { requiredKeys: ['body', 'attributes', 'headers'] }
    ),
  })
  .map(({ fromBody, hasOwnKey, message, ...event }) => {
    const members = Object.entries(MEMBERS).map(([member, attribute]) => [
      member,
      (message.attributes as Record<string, string>)[attribute],
    ])
    const all = { ...event, ...Object.fromEntries(members), ...fromBody }
    return {
      ...Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)),
      message: { ...message, ...(hasOwnKey && event.key !== undefined && { key: event.key }) },
    } as unknown as RecordedEvent
  })
