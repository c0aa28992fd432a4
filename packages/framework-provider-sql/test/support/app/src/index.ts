import { Booster } from '@boostercloud/framework-core'
import { BoosterConfig } from '@boostercloud/framework-types'
import '@boostercloud/framework-provider-sql'

export {
  Booster,
  boosterEventDispatcher,
  boosterHealth,
  boosterNotifySubscribers,
  boosterServeGraphQL,
  boosterTriggerScheduledCommand,
} from '@boostercloud/framework-core'

Booster.configure('local', (config: BoosterConfig): void => {
  config.appName = 'counting'
  config.providerPackage = '@boostercloud/framework-provider-sql'
  config.logLevel = 3
  config.sqlProvider = JSON.parse(process.env.SQL_PROVIDER ?? '{}')
})

Booster.start(__dirname)
