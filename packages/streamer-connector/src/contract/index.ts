export * from './capabilities'
export * from './event-metadata'
export * from './streamer-connector'
export * from './streamer-error'
