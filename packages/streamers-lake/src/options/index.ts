export { settingsFrom } from './settings'
export type { LakeOptions, LakeSettings } from './settings'
