import { createRequire } from 'node:module'
import type * as TypeScript from 'typescript'

/** The compiler that the generator of schemas brings along; its nodes are not of our compiler's kinds. */
export const generatorCompiler = createRequire(require.resolve('ts-json-schema-generator'))(
  'typescript'
) as typeof TypeScript
