import { Event } from '@boostercloud/streamers'
import * as events from '../shared/events'

@Event
export class Arrived extends events.Arrived {}
