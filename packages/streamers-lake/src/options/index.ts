export type { LakeS3Credentials, LakeS3Options } from './s3-options'
export { settingsFrom } from './settings'
export type { LakeOptions, LakeSettings } from './settings'
