export { answerOwnNamesOnly, mayAsk } from './own-names'
export type { OwnNames } from './own-names'
