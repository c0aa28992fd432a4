import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { ChaosStreamer } from './streamer'

/** The embedded log: a folder that the services share. */
export const local: ChaosStreamer = {
  name: 'local',
  connector: () => ({ package: '@boostercloud/local-streamer', name: 'LocalStreamer', options: { path: '../log' } }),
  makeAnew: (folder) => rmSync(join(folder, 'log'), { recursive: true }),
  neverReached: [],
  patienceMs: 500,
  stallMs: 30_000,
  settleMs: 1_500,
}
