import * as contract from '@restaurant/contract'
import { Event, streamer } from '@boostercloud/streamers'

@Event({ streamTo: streamer('main', 'dishes') })
export class DishReady extends contract.DishReady {}
