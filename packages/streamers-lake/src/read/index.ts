export type { LakeFilter } from './filter'
export { newestWithoutPlace, readEvents } from './lake-reader'
