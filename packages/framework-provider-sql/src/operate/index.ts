export { exportStore } from './export-store'
export { importStore } from './import-store'
export { recordsOfNedb } from './nedb'
export { OperatedStore, openStore } from './open-store'

export type { RecordCounts, StoreRecord } from './record'
export { storeInfo } from './store-info'
export type { StoreInfo } from './store-info'
export { verifyStore } from './verify-store'
