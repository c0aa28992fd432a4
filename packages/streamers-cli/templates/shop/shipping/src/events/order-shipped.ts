import * as contract from '@shop/contract'
import { Event, streamer } from '@boostercloud/streamers'

/** Stored by this service, then published to the topic `shipments`. */
@Event({ streamTo: streamer('main', 'shipments') })
export class OrderShipped extends contract.OrderShipped {}
