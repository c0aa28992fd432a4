export * from './holding'
export * from './leases'
export * from './reader'
