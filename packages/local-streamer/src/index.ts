export { LocalStreamer } from './local-streamer'
export type { LocalStreamerOptions, Retention } from './options'
