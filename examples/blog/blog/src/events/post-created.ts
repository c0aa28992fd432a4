import * as contract from '@blog/contracts'
import { Event, streamer } from '@boostercloud/streamers'

@Event({ streamTo: streamer('main', 'posts') })
export class PostCreated extends contract.PostCreated {}
