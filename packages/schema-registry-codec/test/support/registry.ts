import { describeWithServer } from '@boostercloud/dev-brokers'

/** Tests that need a schema registry; they are given the URL of its API. */
export function describeWithRegistry(tests: (url: () => string) => void): void {
  describeWithServer('schema-registry', (server) => tests(() => server().url))
}
