import { Event } from '@boostercloud/streamers'
import * as events from '../common/events'

@Event
export class Arrived extends events.Arrived {}
