export { DelayedEvents } from './delayed-events'
export { splitDelayed } from './split-delayed'
export type { PackedDelayed } from './split-delayed'
