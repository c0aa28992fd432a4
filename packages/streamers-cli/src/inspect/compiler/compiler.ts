import { createRequire } from 'node:module'
import type * as TypeScript from 'typescript'

/**
 * The compiler that reads sources: the one that the generator of schemas brings along, since its nodes are of that one's kinds. So each file is read once for
 * what is inspected and for what a schema is made of.
 */
export const compiler = createRequire(require.resolve('ts-json-schema-generator'))('typescript') as typeof TypeScript
