import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { StreamingOptions } from '../declare'
import type { StateProvider } from '../state'

/** What of Booster's config says who keeps the state. */
export interface ProvidedConfig {
  readonly streaming?: StreamingOptions
  /** The package of Booster's provider, and the provider: it may keep the state itself. */
  readonly providerPackage?: string
  readonly provider?: object
}

/**
 * The property by which a Booster provider offers to keep the streaming state: see {@link ProvidesState}.
 * @internal
 */
export const STATE_OF_PROVIDER = Symbol.for('@boostercloud/streamers/state')

/**
 * A Booster provider whose database keeps the streaming state too, unless the options say otherwise. Its package says so by
 * `"boosterStreamers": { "keepsState": true }` in its package.json.
 * @experimental
 */
export interface ProvidesState {
  readonly [STATE_OF_PROVIDER]: (config: object) => StateProvider
}

/** The options of a service, with the state that its provider offers where they name none. */
export function withProvidersState(config: ProvidedConfig): StreamingOptions {
  const options = config.streaming ?? {}
  if (options.state !== undefined || !keepsState(config.providerPackage)) return options
  const state = (config.provider as Partial<ProvidesState> | undefined)?.[STATE_OF_PROVIDER]?.(config)
  return state ? { ...options, state } : options
}

/**
 * Whether a provider's package says that it keeps the state. The provider itself is not asked: Booster's local one opens its files when it is
 * loaded, and whoever operates a service does so beside it.
 */
function keepsState(providerPackage: string | undefined): boolean {
  const file = providerPackage === undefined ? undefined : resolved(providerPackage)
  if (file === undefined) return false
  let folder = dirname(file)
  while (!existsSync(join(folder, 'package.json'))) {
    if (folder === dirname(folder)) return false
    folder = dirname(folder)
  }
  const text = readFileSync(join(folder, 'package.json'), 'utf8')
  return (JSON.parse(text) as { boosterStreamers?: { keepsState?: unknown } }).boosterStreamers?.keepsState === true
}

/** Where Booster finds it; undefined where it does not, which Booster says by itself. */
function resolved(providerPackage: string): string | undefined {
  try {
    return createRequire(require.resolve('@boostercloud/framework-types')).resolve(providerPackage)
  } catch {
    return undefined
  }
}
