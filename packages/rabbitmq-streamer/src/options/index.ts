export * from './options'
export * from './route'
export * from './settings'
