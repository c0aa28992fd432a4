import { Booster } from '@boostercloud/framework-core'

export {
  Booster,
  boosterEventDispatcher,
  boosterHealth,
  boosterNotifySubscribers,
  boosterRocketDispatcher,
  boosterServeGraphQL,
  boosterTriggerScheduledCommand,
  boosterTriggerScheduledCommands,
} from '@boostercloud/framework-core'

Booster.start(__dirname)
