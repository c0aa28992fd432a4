export * from './message'
export * from './position'
