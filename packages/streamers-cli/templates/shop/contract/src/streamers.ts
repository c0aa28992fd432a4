import type {} from '@boostercloud/streamers'
import type { OrderPlaced } from './order-placed'
import type { OrderShipped } from './order-shipped'

/** What each topic carries. The compiler checks every address, event and handler of the services against it. */
declare module '@boostercloud/streamers' {
  interface Streamers {
    main: { orders: OrderPlaced; shipments: OrderShipped }
  }
}
