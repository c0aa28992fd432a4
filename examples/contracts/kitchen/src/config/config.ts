import { Booster } from '@boostercloud/framework-core'
import { BoosterConfig, Level } from '@boostercloud/framework-types'
import { LocalStreamer } from '@boostercloud/local-streamer'

Booster.configure('local', (config: BoosterConfig): void => {
  config.appName = 'kitchen'
  config.providerPackage = '@boostercloud/framework-provider-local'
  config.logLevel = Level.warn
  config.streamers = { main: LocalStreamer.with({ path: process.env.RESTAURANT_LOG ?? '../.booster/main' }) }
})
