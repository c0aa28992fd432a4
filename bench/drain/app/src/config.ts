import { join } from 'node:path'
import { Booster } from '@boostercloud/framework-core'
import { BoosterConfig, Level } from '@boostercloud/framework-types'
import { LocalStreamer } from '@boostercloud/local-streamer'

Booster.configure('bench', (config: BoosterConfig): void => {
  config.appName = 'notes'
  config.providerPackage = process.env.PROVIDER_PACKAGE
  config.logLevel = Level.error
  config.streamers = { main: LocalStreamer.with({ path: join(process.cwd(), 'log') }) }
})
