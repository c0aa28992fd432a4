import { Booster } from '@boostercloud/framework-core'
import { BoosterConfig, Level } from '@boostercloud/framework-types'

Booster.configure('bench', (config: BoosterConfig): void => {
  config.appName = 'counters'
  config.providerPackage = process.env.PROVIDER_PACKAGE
  config.logLevel = Level.error
})
