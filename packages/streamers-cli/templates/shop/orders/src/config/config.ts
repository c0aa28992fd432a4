import { Booster } from '@boostercloud/framework-core'
import { BoosterConfig, Level } from '@boostercloud/framework-types'
import { LocalStreamer } from '@boostercloud/local-streamer'

Booster.configure('local', (config: BoosterConfig): void => {
  config.appName = 'orders'
  config.providerPackage = '@boostercloud/framework-provider-sql'
  config.logLevel = Level.warn
  config.streamers = { main: LocalStreamer.with({ path: '../.booster/main' }) }
})
