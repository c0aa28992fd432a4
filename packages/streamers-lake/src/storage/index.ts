export { FolderStorage } from './folder-storage'
export type { LakeStorage, StoredFile } from './lake-storage'
export { storageAt } from './storage-at'
