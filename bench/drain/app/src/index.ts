import { Booster } from '@boostercloud/framework-core'

export {
  Booster,
  boosterEventDispatcher,
  boosterNotifySubscribers,
  boosterServeGraphQL,
} from '@boostercloud/framework-core'

Booster.start(__dirname)
