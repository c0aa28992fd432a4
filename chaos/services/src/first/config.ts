import { Booster } from '@boostercloud/framework-core'
import { configure } from '../common/configure'

Booster.configure('local', (config) => configure(config, 'first'))
