import { expect } from 'chai'
import * as fc from 'fast-check'
import { SegmentReader, SegmentWriter, fileOf } from '../../src/format'
import type { RecordedEvent } from '../../src/format'
import { anyEvent, recorded } from '../support/events'

function segmentOf(events: readonly RecordedEvent[]): Uint8Array {
  const writer = new SegmentWriter()
  for (const event of events) writer.add(event)
  return writer.finish()
}

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

  it('gives back a text that begins with U+FEFF', async () => {
    const [{ key, subject }] = await readBack(segmentOf([recorded(1, { key: '\uFEFFa', subject: '\uFEFF' })]))
    expect([key, subject]).to.deep.equal(['\uFEFFa', '\uFEFF'])
  })

  it('keeps the order over many groups of rows', async () => {
    const events = Array.from({ length: 10_000 }, (_, position) => recorded(position))
    const found = await readBack(segmentOf(events))
    expect(found.map(({ position }) => position)).to.deep.equal(events.map(({ position }) => position))
  })

  it('counts what bodies were unpacked to, so that a few events that are packed well are not kept until they fill the memory', () => {
    const writer = new SegmentWriter()
    const packed = { ...recorded(1).message, contentEncoding: 'gzip', body: Buffer.alloc(100) }
    for (let position = 1; position <= 12; position += 1)
      writer.add(recorded(position, { message: packed, data: `"${'x'.repeat(1_000_000)}"` }))
    expect(writer.bytes).to.be.within(4_000_000, 6_000_000)
    expect(writer.finish().byteLength).to.be.below(1_000_000)
  })

  it('that was cut off or is something else is named', async () => {
    const bytes = segmentOf([recorded(1)])
    for (const damaged of [bytes.subarray(0, bytes.length - 9), Buffer.from('no parquet'), Buffer.alloc(0)]) {
      const failure = await readBack(damaged).catch((error: unknown) => error as Error)
      expect(String(failure)).to.match(/STORAGE_DAMAGED.*At: test/)
    }
  })
})
