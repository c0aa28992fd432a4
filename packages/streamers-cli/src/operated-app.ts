import { createRequire } from 'node:module'
import { join } from 'node:path'
import { StreamerError } from '@boostercloud/streamer-connector'
import type * as Streamers from '@boostercloud/streamers'
import { loadApp } from './app'

/** Booster's configuration, as the streamers package takes it. */
export type OperatedConfig = Parameters<typeof Streamers.backfill>[0]

/** An app that is operated from its folder, beside its running service. */
export interface OperatedApp {
  readonly config: OperatedConfig
  /** The app's own copy of the package: its decorators have declared what there is to that one. */
  readonly streamers: typeof Streamers
}

/** The same with its state open. */
export interface OpenApp extends OperatedApp {
  readonly state: Streamers.StateStore
}

/** Loads the app in the current folder; nothing of it is started. */
export function operatedApp(environment: string): OperatedApp {
  const folder = process.cwd()
  const { config } = loadApp(folder, environment) as unknown as { config: OperatedConfig }
  return { config, streamers: streamersOf(folder) }
}

/** Runs `work` with the state of the app in the current folder. */
export async function withState<T>(environment: string, work: (app: OpenApp) => Promise<T>): Promise<T> {
  const app = operatedApp(environment)
  const state = await app.streamers.stateOf(app.config)
  try {
    return await work({ ...app, state })
  } finally {
    await state.close()
  }
}

/** The app's own copy of the package. Throws `PACKAGE_MISSING` where it does not use it. */
export function streamersOf(folder: string): typeof Streamers {
  try {
    return createRequire(join(folder, 'dist', 'index.js'))('@boostercloud/streamers') as typeof Streamers
  } catch (cause) {
    throw new StreamerError('PACKAGE_MISSING', 'The app does not use @boostercloud/streamers.', {
      at: folder,
      hint: 'Install it in the app; only then has the app streams.',
      cause,
    })
  }
}
