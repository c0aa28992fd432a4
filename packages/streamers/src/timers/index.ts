export { Firing } from './firing'
export { TimerClock } from './timer-clock'
export type { TimerEffects, TimerOutcome } from './timer-effects'
