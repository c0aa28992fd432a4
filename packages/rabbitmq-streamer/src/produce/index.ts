export * from './batch'
export * from './publisher'
export * from './publishing-channel'
