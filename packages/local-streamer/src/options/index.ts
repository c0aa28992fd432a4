export * from './options'
export * from './settings'
