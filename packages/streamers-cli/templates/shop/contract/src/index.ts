import './streamers'

export { OrderPlaced } from './order-placed'
export { OrderShipped } from './order-shipped'
