export * from './key-codec'
export * from './options'
export * from './settings'
