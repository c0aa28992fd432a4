export { PostgresState } from './postgres-state'
export type { PostgresStateOptions } from './options'
