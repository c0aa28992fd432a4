export { Option, option, isObject } from './option'
export type { OptionSchema, SchemaOf, SettingsOf } from './option'
export * from './settings'
