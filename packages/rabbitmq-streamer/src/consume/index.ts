export * from './reader'
export * from './subscription'
