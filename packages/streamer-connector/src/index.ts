export * from './address'
export * from './contract'
export * from './envelope'
export * from './base'
