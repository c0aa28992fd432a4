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
    contentType: 'application/json',
    headers: {},
    body: Buffer.from(JSON.stringify({ postId: `post-${position}` })),
    ...more,
  }
}

const text = fc.option(fc.string({ unit: 'grapheme' }), { nil: undefined })

/** Any event that a broker may deliver. */
export const anyEvent: fc.Arbitrary<RecordedEvent> = fc
  .record({
    streamer: fc.string({ minLength: 1 }),
    topic: text,
    partition: text,
    position: fc.option(fc.maxSafeNat(), { nil: undefined }),
    id: text,
    type: text,
    version: fc.option(fc.oneof(fc.integer(), fc.maxSafeInteger()), { nil: undefined }),
    source: text,
    subject: text,
    key: text,
    time: fc.option(
      fc.oneof(
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
      ),
      { nil: undefined }
    ),
    recordedAt: fc.integer({ min: 0, max: 4e12 }),
    correlationId: text,
    causationId: text,
    traceparent: text,
    tracestate: text,
    contentType: text,
    contentEncoding: text,
    headers: fc.dictionary(
      fc.oneof(fc.string(), fc.constantFrom('__proto__', '%__proto__', 'constructor')),
      fc.string()
    ),
    body: fc.uint8Array(),
    data: text,
    undecodable: text,
  })
  .map(
    (event) =>
      Object.fromEntries(Object.entries(event).filter(([, value]) => value !== undefined)) as unknown as RecordedEvent
  )
