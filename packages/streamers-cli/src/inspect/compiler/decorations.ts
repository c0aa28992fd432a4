import type * as ts from 'typescript'
import { nameOf, originalOf } from './constants'
import { compiler } from './compiler'

/** The package whose decorators are looked for. */
const STREAMERS = /[\\/]@boostercloud[\\/]streamers[\\/]|[\\/]packages[\\/]streamers[\\/]/

/** One of our decorators with its options. */
export interface Decoration {
  readonly decorator: 'Event' | 'EventHandler'
  readonly options: ts.ObjectLiteralExpression
}

/** Our decorators of a class that have options. */
export function decorationsOf(node: ts.ClassDeclaration, checker: ts.TypeChecker): Decoration[] {
  return (compiler.getDecorators(node) ?? []).flatMap(({ expression }) => {
    if (!compiler.isCallExpression(expression)) return []
    const decorator = decoratorOf(expression, checker)
    const [options] = expression.arguments
    return decorator && options && compiler.isObjectLiteralExpression(options) ? [{ decorator, options }] : []
  })
}

/** `Event` or `EventHandler`, where it is ours and not Booster's or anybody else's. */
function decoratorOf(call: ts.CallExpression, checker: ts.TypeChecker): 'Event' | 'EventHandler' | undefined {
  const name = nameOf(call.expression, checker)
  if (name !== 'Event' && name !== 'EventHandler') return undefined
  const at = compiler.isPropertyAccessExpression(call.expression) ? call.expression.name : call.expression
  const symbol = checker.getSymbolAtLocation(at)
  const [declaration] = (symbol && originalOf(symbol, checker).declarations) ?? []
  return declaration && STREAMERS.test(declaration.getSourceFile().fileName) ? name : undefined
}

/** What an option is set to; undefined where it is not there. */
export function valueOf(options: ts.ObjectLiteralExpression, name: string): ts.Expression | undefined {
  for (const property of options.properties) {
    if (!property.name || property.name.getText() !== name) continue
    if (compiler.isPropertyAssignment(property)) return property.initializer
    if (compiler.isShorthandPropertyAssignment(property)) return property.name
  }
  return undefined
}
