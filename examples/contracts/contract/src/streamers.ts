import type {} from '@boostercloud/streamers'
import type { DishReady } from './dish-ready'
import type { OrderPlaced } from './order-placed'

/** What each topic carries. From here on the compiler checks every address, event and handler of the services against it. */
declare module '@boostercloud/streamers' {
  interface Streamers {
    main: {
      orders: OrderPlaced
      dishes: DishReady
    }
  }
}
