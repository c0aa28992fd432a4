export { TypeReader } from './type-reader'
