export * from './outgoing'
export * from './publisher'
