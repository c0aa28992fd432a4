import * as contract from '@restaurant/contract'
import { Event, streamer } from '@boostercloud/streamers'

@Event({ streamTo: streamer('main', 'orders') })
export class OrderPlaced extends contract.OrderPlaced {}
