export * from './base-streamer'
export { headerRefused } from './headers'
export * from './record-form'
