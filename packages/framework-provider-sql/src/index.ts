export { OperatedStore, openStore } from './operate'
export type { RecordCounts, StoreInfo, StoreRecord } from './operate'
export { Provider } from './provider'
export type { SqlProviderOptions } from './options'
