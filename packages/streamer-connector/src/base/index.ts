export * from './base-streamer'
export * from './content-encoding'
export { headerRefused, shownType } from './headers'
export * from './record-form'
