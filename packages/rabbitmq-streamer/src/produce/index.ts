export * from './publisher'
export * from './publishing-channel'
