export { Judge } from './judge'
export type { Verdict } from './judge'
export { recordedEvents } from './recorded'
