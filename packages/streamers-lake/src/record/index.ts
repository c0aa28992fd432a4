export { STANDARD_ERROR, recordedAddresses } from './recorded-addresses'
export { Recorder } from './recorder'
export type { RecordOptions, RecordedSegment, Recording, RecordingHealth } from './recording'
