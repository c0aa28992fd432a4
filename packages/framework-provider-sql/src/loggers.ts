import type { BoosterConfig, Logger } from '@boostercloud/framework-types'

/** As Booster's `getLogger`. */
export type GetLogger = (config: BoosterConfig, location?: string, prefix?: string) => Logger

/** The loggers of an app, by the place that asks, and what they are made from. */
interface Kept {
  readonly level: unknown
  readonly prefix: unknown
  readonly writers: Readonly<Record<(typeof WRITERS)[number], unknown>>
  readonly byLocation: Map<string, Logger>
}

const WRITERS = ['debug', 'info', 'warn', 'error'] as const
/** Enough for each place in Booster and in an app that logs. */
const MOST_LOCATIONS = 1_000

/** Answers as `make` does, and keeps what was made for as long as `make` would make the same. */
export function keptLoggers(make: GetLogger): GetLogger {
  const ofApps = new WeakMap<BoosterConfig, Kept>()
  return (config, location = '', prefix) => {
    if (prefix !== undefined) return make(config, location, prefix)
    const { byLocation } = current(ofApps, config)
    const known = byLocation.get(location)
    if (known) return known
    const made = make(config, location)
    if (byLocation.size < MOST_LOCATIONS) byLocation.set(location, made)
    return made
  }
}

function current(ofApps: WeakMap<BoosterConfig, Kept>, config: BoosterConfig): Kept {
  const { logLevel: level, logPrefix: prefix } = config
  const known = ofApps.get(config)
  if (known && known.level === level && known.prefix === prefix && hasWriters(known, config)) return known
  const writers = Object.fromEntries(WRITERS.map((name) => [name, writer(config, name)])) as Kept['writers']
  const made = { level, prefix, writers, byLocation: new Map<string, Logger>() }
  ofApps.set(config, made)
  return made
}

function hasWriters({ writers }: Kept, config: BoosterConfig): boolean {
  return WRITERS.every((name) => writers[name] === writer(config, name))
}

function writer({ logger }: BoosterConfig, name: (typeof WRITERS)[number]): unknown {
  // What Booster writes to where the app says nothing; it is not written to here.
  // eslint-disable-next-line no-console
  return logger?.[name] ?? console[name]
}
