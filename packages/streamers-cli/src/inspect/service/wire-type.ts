import { StreamerError } from '@boostercloud/streamer-connector'
import type * as ts from 'typescript'
import { textOf } from '../compiler/constants'
import { placeOf } from '../compiler/service-program'
import type { ServiceProgram } from '../compiler/service-program'
import { compiler } from '../compiler/compiler'

/** The static field by which a class says what its events are called on the wire. */
const FIELD = 'eventType'

/**
 * What the events of a class are called on the wire, by the expression that names the class or by its declaration: its static `eventType`, inherited
 * ones included, or else `name`. Throws `OPTION_INVALID` with the place for one that is known only when the service runs.
 */
export function wireTypeIn(
  node: ts.Expression | ts.ClassDeclaration,
  name: string,
  { checker, folder }: ServiceProgram
): string {
  const field = classTypeOf(node, checker)?.getProperty(FIELD)
  if (!field) return name
  const type = checker.getTypeOfSymbolAtLocation(field, node)
  if (type.isStringLiteral()) return type.value
  const { valueDeclaration: declared } = field
  const initializer = declared && compiler.isPropertyDeclaration(declared) ? declared.initializer : undefined
  const text = initializer && textOf(initializer, checker)
  if (text !== undefined) return text
  throw new StreamerError('OPTION_INVALID', `The value of the ${FIELD} of ${name} cannot be read from the sources.`, {
    at: placeOf(node, folder),
    hint: `Write static readonly ${FIELD} = 'com.acme.PostLiked', with a string, a constant or a member of an enum.`,
  })
}

/** The type of the class itself, which has what is static. */
function classTypeOf(node: ts.Expression | ts.ClassDeclaration, checker: ts.TypeChecker): ts.Type | undefined {
  if (!compiler.isClassDeclaration(node)) return checker.getTypeAtLocation(node)
  const symbol = node.name && checker.getSymbolAtLocation(node.name)
  return symbol && checker.getTypeOfSymbolAtLocation(symbol, node)
}
