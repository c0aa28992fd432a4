export { microsOf } from './instants'
export type { RecordedEvent } from './recorded-event'
export { SegmentReader, fileOf } from './segment-reader'
export { SegmentWriter, segmentOf } from './segment-writer'
