import { randomBytes } from 'node:crypto'
import { DynamoState } from '../../src'
import type { DynamoStateOptions } from '../../src'

export const owner = { appName: 'shop', environment: 'test' } as const

/** DynamoDB Local takes any credentials. */
export const credentials = { accessKeyId: 'local', secretAccessKey: 'local' } as const

/** A state in a table of its own, which is made when it is opened. */
export function freshState(endpoint: string, own: Partial<DynamoStateOptions> = {}): DynamoState {
  const table = `test-${randomBytes(6).toString('hex')}`
  return DynamoState.at({ endpoint, region: 'eu-west-1', table, create: true, client: { credentials }, ...own })
}
