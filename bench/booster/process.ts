import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { BoosterConfig } from '@boostercloud/framework-types'
import { listenOnLoopback } from '../../packages/streamers-cli/src/loopback'

/** Loads the Booster app whose folder is the working directory. Nothing starts. */
export function loadApp(): BoosterConfig {
  listenOnLoopback()
  const entry = join(process.cwd(), 'dist', 'index.js')
  const { Booster } = createRequire(entry)(entry) as { Booster: { config: BoosterConfig } }
  return Booster.config
}

/** Starts it: its storage, its streaming, its API at a port. */
export async function startApp(config: BoosterConfig, port: number): Promise<void> {
  await config.provider.infrastructure().start?.(config, port)
}
