import { BoosterConfig, Level } from '@boostercloud/framework-types'
import { chosenConnector } from './connector'

/** What the three services have in common. Retries come soon, so that a short run sees many. */
export function configure(config: BoosterConfig, appName: string): void {
  config.appName = appName
  config.providerPackage = process.env.CHAOS_PROVIDER
  config.logLevel = Level.warn
  config.streamers = { log: chosenConnector() }
  config.streaming = {
    receiving: { retry: { attempts: 4, firstDelayMs: 50, factor: 2, maxDelayMs: 400, jitter: 0.2 } },
  }
}
