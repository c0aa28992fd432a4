export { freePort as unusedPort } from '@boostercloud/dev-brokers'
