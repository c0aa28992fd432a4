import { FolderStorage } from './folder-storage'
import type { LakeStorage } from './lake-storage'
import { S3Storage } from './s3-storage'
import type { S3Place } from './s3-storage'

/** Where a lake is. */
export type LakePlace = { readonly path: string } | { readonly s3: S3Place }

/** The storage of a place. Opens nothing. */
export function storageAt(place: LakePlace): LakeStorage {
  return 'path' in place ? new FolderStorage(place.path) : new S3Storage(place.s3)
}
