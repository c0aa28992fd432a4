import * as contract from '@bridge/contracts'
import { Event, streamer } from '@boostercloud/streamers'

@Event({ streamTo: streamer('kafka', 'orders') })
export class OrderPlaced extends contract.OrderPlaced {}
