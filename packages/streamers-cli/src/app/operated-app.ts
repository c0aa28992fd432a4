import { createRequire } from 'node:module'
import { join } from 'node:path'
import { StreamerError } from '@boostercloud/streamer-connector'
import type * as runtime from '@boostercloud/streamers/runtime'
import type * as state from '@boostercloud/streamers/state'
import { loadApp } from './app'
import { tellPlace } from '../terminal/environment'

/** What of `@boostercloud/streamers` is for packages beside it. */
export type Streamers = typeof runtime & typeof state

/** Booster's configuration, as the streamers package takes it. */
export type OperatedConfig = Parameters<Streamers['backfill']>[0]

/** An app that is operated from its folder, beside its running service. */
export interface OperatedApp {
  readonly config: OperatedConfig
  /** The app's own copy of the package: its decorators have declared what there is to that one. */
  readonly streamers: Streamers
}

/** The same with its state open. */
export interface OpenApp extends OperatedApp {
  readonly state: state.StateStore
}

/** Loads the app in the current folder; nothing of it is started. */
export function operatedApp(environment: string): OperatedApp {
  const folder = process.cwd()
  const { config } = loadApp(folder, environment) as unknown as { config: OperatedConfig }
  return { config, streamers: streamersOf(folder) }
}

/** The same, and says which state it keeps. */
export async function toldApp(environment: string): Promise<OperatedApp> {
  const app = operatedApp(environment)
  const state = await app.streamers.stateOf(app.config)
  tellPlace(environment, state.name)
  await state.close()
  return app
}

/** Runs `work` with the state of the app in the current folder. */
export async function withState<T>(environment: string, work: (app: OpenApp) => Promise<T>): Promise<T> {
  const app = operatedApp(environment)
  const state = await app.streamers.stateOf(app.config)
  tellPlace(environment, state.name)
  try {
    return await work({ ...app, state })
  } finally {
    await state.close()
  }
}

/** The app's own copy of the package. Throws `PACKAGE_MISSING` where it does not use it. */
export function streamersOf(folder: string): Streamers {
  try {
    const load = createRequire(join(folder, 'dist', 'index.js'))
    return { ...load('@boostercloud/streamers/runtime'), ...load('@boostercloud/streamers/state') } as Streamers
  } catch (cause) {
    throw new StreamerError('PACKAGE_MISSING', 'The app does not use @boostercloud/streamers.', {
      at: folder,
      hint: 'Install it in the app.',
      cause,
    })
  }
}
