import { Event } from '@boostercloud/streamers'
import * as events from '../shared/events'

@Event({ streamTo: 'log/b' })
export class Passed extends events.Passed {}
