export * from './address'
export * from './streamers'
