import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { StreamerError, didYouMean } from '@boostercloud/streamer-connector'
import type { StreamerConnector } from '@boostercloud/streamer-connector'

/** What this command needs of a Booster app's configuration. */
export interface AppConfig {
  readonly appName: string
  readonly environmentName: string
  readonly providerPackage?: string
  readonly streamers?: Readonly<Record<string, StreamerConnector>>
  readonly streaming?: { readonly state?: unknown }
  readonly provider: {
    infrastructure(): { start?(config: AppConfig, port: number): Promise<void> }
  }
}

/** A built Booster app in a folder. */
export interface App {
  readonly config: AppConfig
}

/** What Booster knows of the environments that the app has configured. */
interface LoadedApp extends App {
  readonly configuredEnvironments?: ReadonlySet<string>
}

/**
 * Loads the app in a folder as Booster's own command does: `BOOSTER_ENV` set, then `dist/index.js`. The local provider takes the
 * working directory for the app's folder. Throws where there is no built app, or as the app does.
 */
export function loadApp(folder: string, environment: string): App {
  const entry = join(folder, 'dist', 'index.js')
  if (!existsSync(join(folder, 'package.json'))) throw noApp(folder)
  if (!existsSync(entry)) {
    throw new StreamerError('OPTION_INVALID', 'The app is not built: it has no dist/index.js.', {
      at: folder,
      hint: 'Build it first: npm run build.',
    })
  }
  process.env.BOOSTER_ENV = environment
  const { Booster } = createRequire(entry)(entry) as { Booster?: LoadedApp }
  if (!Booster?.config) {
    throw new StreamerError(
      'OPTION_INVALID',
      'dist/index.js does not export Booster, as the index of a Booster app does.',
      {
        at: entry,
        hint: "Write export { Booster } from '@boostercloud/framework-core' in src/index.ts.",
      }
    )
  }
  requireConfigured(Booster, environment)
  return Booster
}

/** An app that names no provider was not configured; without `Booster.configure` Booster says only what is missing then. */
function requireConfigured({ config, configuredEnvironments = new Set() }: LoadedApp, environment: string): void {
  if (configuredEnvironments.has(environment) || config.providerPackage !== undefined || config.streamers) return
  if (configuredEnvironments.size > 0) throw unconfigured(environment, [...configuredEnvironments])
}

function unconfigured(environment: string, known: readonly string[]): StreamerError {
  return new StreamerError('OPTION_INVALID', `The app is not configured for the environment '${environment}'.`, {
    at: 'Booster.configure',
    hint: `${didYouMean(environment, known)}It has Booster.configure for ${known.map((name) => `'${name}'`).join(', ')}. Name one of them with --env or in BOOSTER_ENV.`,
  })
}

/** There is no app in a folder. */
export function noApp(folder: string): StreamerError {
  return new StreamerError('OPTION_INVALID', 'There is no app in this folder: it has no package.json.', {
    at: folder,
    hint: "Change to the app's folder, or name a log with --local PATH if the command has this option.",
  })
}
