export { validatorCode } from './compile'
export { writeSchemas } from './write-schemas'
