import { randomBytes } from 'node:crypto'
import { PostgresState } from '../../src'
import type { PostgresStateOptions } from '../../src'

export const owner = { appName: 'shop', environment: 'test' } as const

/** A name for a schema that no other test has. */
export function freshSchema(): string {
  return `test_${randomBytes(6).toString('hex')}`
}

/** A state of its own. */
export function freshState(url: string, own: Partial<PostgresStateOptions> = {}): PostgresState {
  return PostgresState.at({ url, schema: freshSchema(), poolSize: 3, ...own })
}
