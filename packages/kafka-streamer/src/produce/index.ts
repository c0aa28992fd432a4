export * from './publisher'
