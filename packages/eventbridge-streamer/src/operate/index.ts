export * from './health'
export * from './lambda'
export * from './pushed-topic'
export * from './replay'
