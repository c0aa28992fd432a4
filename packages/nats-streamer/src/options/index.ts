export * from './options'
export * from './settings'
export * from './subjects'
