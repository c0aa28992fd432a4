export * from './effects'
export * from './failure'
export * from './link'
export * from './receiver'
