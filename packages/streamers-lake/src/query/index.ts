export { queryEvents } from './query-events'
export type { LakeRow } from './query-events'
