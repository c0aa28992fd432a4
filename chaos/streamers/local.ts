import type { ChaosStreamer } from './streamer'

/** The embedded log: a folder that the services share. */
export const local: ChaosStreamer = {
  name: 'local',
  connector: () => ({ package: '@boostercloud/local-streamer', name: 'LocalStreamer', options: { path: '../log' } }),
  neverReached: [],
  patienceMs: 500,
  stallMs: 30_000,
  settleMs: 1_500,
}
