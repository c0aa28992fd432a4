export { chosenEvents } from './chosen-events'
export { paced } from './paced'
export { simulatedEvents } from './simulated-events'
export type { SimulatedEvent } from './simulated-events'
