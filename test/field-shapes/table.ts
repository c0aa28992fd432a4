import { COMPOSED } from './shapes/composed'
import { DECLARED } from './shapes/declared'
import { GENERIC } from './shapes/generic'
import { PLAIN } from './shapes/plain'
import { RESOLVED } from './shapes/resolved'
import { STRUCTURED } from './shapes/structured'
import { WRITTEN } from './shapes/written'

/** Every shape there is a rule for. */
export const SHAPES = [...PLAIN, ...STRUCTURED, ...COMPOSED, ...GENERIC, ...RESOLVED, ...DECLARED, ...WRITTEN]
