import { Event } from '@boostercloud/streamers'
import * as events from '../common/events'

@Event({ streamTo: 'log/a' })
export class Asked extends events.Asked {}
