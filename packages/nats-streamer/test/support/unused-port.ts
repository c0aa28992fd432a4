export { freePort as unusedPort } from '@boostercloud/streamer-testkit/brokers'
