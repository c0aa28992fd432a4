import { Event } from '@boostercloud/streamers'
import * as events from '../shared/events'

@Event({ streamTo: 'log/a' })
export class Asked extends events.Asked {}
