export * from './buses'
export * from './publisher'
