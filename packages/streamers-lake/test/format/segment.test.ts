import { expect } from 'chai'
import * as fc from 'fast-check'
import { SegmentReader, fileOf, segmentOf } from '../../src/format'
import type { RecordedEvent } from '../../src/format'
import { anyEvent, recorded } from '../support/events'

async function readBack(bytes: Uint8Array): Promise<RecordedEvent[]> {
  const events: RecordedEvent[] = []
  for await (const batch of (await SegmentReader.open(fileOf(bytes), 'test')).events()) events.push(...batch)
  return events
}

/** Comparable, whichever kind of byte array it has. */
const plain = ({ message, ...event }: RecordedEvent): object => ({
  ...event,
  message: { ...message, headers: Object.entries(message.headers), body: Buffer.from(message.body).toString('hex') },
})

describe('a segment', function () {
  this.timeout(60_000)

  it('gives back every event as it was', () =>
    fc.assert(
      fc.asyncProperty(fc.array(anyEvent, { minLength: 1, maxLength: 20 }), async (events) => {
        expect((await readBack(segmentOf(events))).map(plain)).to.deep.equal(events.map(plain))
      }),
      { numRuns: 200 }
    ))

  it('keeps the order over many groups of rows', async () => {
    const events = Array.from({ length: 10_000 }, (_, position) => recorded(position))
    const found = await readBack(segmentOf(events))
    expect(found.map(({ position }) => position)).to.deep.equal(events.map(({ position }) => position))
  })

  it('that was cut off or is something else is named', async () => {
    const bytes = segmentOf([recorded(1)])
    for (const damaged of [bytes.subarray(0, bytes.length - 9), Buffer.from('no parquet'), Buffer.alloc(0)]) {
      const failure = await readBack(damaged).catch((error: unknown) => error as Error)
      expect(String(failure)).to.match(/STORAGE_DAMAGED.*At: test/)
    }
  })
})
