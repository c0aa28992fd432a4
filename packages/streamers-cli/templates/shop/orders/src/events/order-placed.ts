import * as contract from '@shop/contract'
import { Event, streamer } from '@boostercloud/streamers'

/** Stored by this service, then published to the topic `orders`. */
@Event({ streamTo: streamer('main', 'orders') })
export class OrderPlaced extends contract.OrderPlaced {}
