import './streamers'

export { DishReady } from './dish-ready'
export { OrderPlaced } from './order-placed'
