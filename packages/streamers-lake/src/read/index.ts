export type { LakeFilter } from './filter'
export { readEvents } from './lake-reader'
