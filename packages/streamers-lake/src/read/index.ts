export type { LakeFilter } from './filter'
export { followEvents } from './follow'
export type { FollowOptions } from './follow'
export { eventsOf, newestWithoutPlace, readEvents } from './lake-reader'
