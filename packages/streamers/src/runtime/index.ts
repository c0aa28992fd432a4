export { positionNameOf } from './receivers'
export * from './service'
export * from './state-of'
export * from './streaming'
