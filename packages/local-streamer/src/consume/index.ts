export * from './poll'
