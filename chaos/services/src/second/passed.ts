import { Event } from '@boostercloud/streamers'
import * as events from '../common/events'

@Event({ streamTo: 'log/b' })
export class Passed extends events.Passed {}
