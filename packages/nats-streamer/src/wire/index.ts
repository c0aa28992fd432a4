export * from './delivery'
export * from './message'
export * from './percent'
export * from './position'
