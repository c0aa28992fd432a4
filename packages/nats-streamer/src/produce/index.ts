export * from './publish'
