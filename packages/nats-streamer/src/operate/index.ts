export * from './group-owner'
export * from './group-record'
export * from './health'
export * from './replay'
