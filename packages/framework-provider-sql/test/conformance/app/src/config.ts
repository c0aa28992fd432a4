import { Booster } from '@boostercloud/framework-core'
import { BoosterConfig } from '@boostercloud/framework-types'

Booster.configure('local', (config: BoosterConfig): void => {
  config.appName = 'conformance'
  config.providerPackage = process.env.PROVIDER_PACKAGE
  config.sensorConfiguration.health.globalAuthorizer = { authorize: 'all' }
  for (const indicator of Object.values(config.sensorConfiguration.health.booster)) {
    indicator.enabled = true
    indicator.details = true
    indicator.showChildren = true
  }
})
