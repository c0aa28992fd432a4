export { validatorCode } from './compile'
export { writeSchemas } from './write-schemas'
export type { WrittenSchema } from './write-schemas'
