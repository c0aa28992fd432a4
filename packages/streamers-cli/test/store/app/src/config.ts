import { Booster } from '@boostercloud/framework-core'
import type {} from '@boostercloud/framework-provider-sql'
import { BoosterConfig } from '@boostercloud/framework-types'

Booster.configure('local', (config: BoosterConfig): void => {
  config.appName = 'shop'
  config.providerPackage = '@boostercloud/framework-provider-sql'
  config.sqlProvider = { indexes: { OrderView: ['customer.city', 'total'] } }
})

// The same app before it moved.
Booster.configure('stock', (config: BoosterConfig): void => {
  config.appName = 'shop'
  config.providerPackage = '@boostercloud/framework-provider-local'
})
