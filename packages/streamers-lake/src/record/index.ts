export { STANDARD_ERROR, recordedAddresses, requireCopies } from './recorded-addresses'
export { lagsOf } from './lags'
export { Recorder } from './recorder'
export type { RecordOptions } from './recording'
