export * from './nearest-name'
export { Option, option, isObject, isText, hasOnly } from './option'
export type { OptionSchema, OptionTraits, OptionValue, SchemaOf, SettingsOf } from './option'
export * from './settings'
