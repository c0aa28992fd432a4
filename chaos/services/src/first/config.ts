import { Booster } from '@boostercloud/framework-core'
import { configure } from '../shared/configure'

Booster.configure('local', (config) => configure(config, 'first'))
