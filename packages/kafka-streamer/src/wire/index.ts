export * from './message'
export * from './position'
export * from './position-note'
export * from './record'
