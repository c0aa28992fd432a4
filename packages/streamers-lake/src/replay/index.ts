export { replayEvents } from './replay-events'
export type { LakeReplayOptions, LakeReplayed, ReplayedTo } from './replay-options'
