export type { LakeFault } from './fault'
export { faultsOf } from './faults'
export type { VerifyOptions } from './faults'
