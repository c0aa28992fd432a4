import * as contract from '@bridge/contracts'
import { Event, streamer } from '@boostercloud/streamers'

@Event({ streamTo: streamer('nats', 'deliveries') })
export class ParcelDelivered extends contract.ParcelDelivered {}
