export { FolderStorage } from './folder-storage'
export type { LakeStorage, StoredFile, StoredName } from './lake-storage'
