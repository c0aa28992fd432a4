import * as contract from '@bridge/contracts'
import { Event, streamer } from '@boostercloud/streamers'

@Event({ streamTo: streamer('rabbitmq', 'parcels') })
export class OrderPacked extends contract.OrderPacked {}
