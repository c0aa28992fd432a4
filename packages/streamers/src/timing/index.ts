export * from './backoff'
export * from './gathering'
export * from './limiter'
export * from './wake-up'
