export * from './base-streamer'
export * from './content-encoding'
export { headerRefused } from './headers'
export * from './record-form'
