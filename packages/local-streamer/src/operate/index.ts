export * from './group-owner'
export * from './health'
export * from './replay'
