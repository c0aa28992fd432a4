export * from './service'
export * from './streaming'
