export { FolderStorage } from './folder-storage'
export { FileGone } from './lake-storage'
export type { LakeStorage, PinnedFiles, StoredFile } from './lake-storage'
export { storageAt } from './storage-at'
