export { DelayedEvents } from './delayed-events'
export { LATER, splitDelayed } from './split-delayed'
export type { PackedDelayed } from './split-delayed'
