import { COMPOSED } from './composed'
import { DECLARED } from './declared'
import { PLAIN } from './plain'
import { STRUCTURED } from './structured'

/** Every shape there is a rule for. */
export const SHAPES = [...PLAIN, ...STRUCTURED, ...COMPOSED, ...DECLARED]
