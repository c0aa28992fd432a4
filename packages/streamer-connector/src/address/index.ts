export * from './address'
export * from './declared'
export * from './streamers'
