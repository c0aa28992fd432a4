import * as contract from '@blog/contracts'
import { Event, streamer } from '@boostercloud/streamers'

@Event({ streamTo: streamer('main', 'newsletter') })
export class IssueSent extends contract.IssueSent {}
