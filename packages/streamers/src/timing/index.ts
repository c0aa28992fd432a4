export * from './backoff'
export * from './limiter'
export * from './wake-up'
