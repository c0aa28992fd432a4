import type * as ts from 'typescript'
import { decorationsOf, valueOf } from '../compiler/decorations'
import type { ServiceProgram } from '../compiler/service-program'
import { compiler } from '../compiler/compiler'

/** The event classes that streamed handlers in a service's sources take, its own and those of others, each once. */
export function handledClasses({ files, checker }: ServiceProgram): ts.ClassDeclaration[] {
  const found = new Set<ts.ClassDeclaration>()
  const visit = (node: ts.Node): void => {
    if (compiler.isClassDeclaration(node)) {
      for (const { decorator, options } of decorationsOf(node, checker)) {
        const eventType = decorator === 'EventHandler' ? valueOf(options, 'eventType') : undefined
        if (eventType) for (const one of classesOf(eventType, checker)) found.add(one)
      }
    }
    compiler.forEachChild(node, visit)
  }
  files.forEach(visit)
  return [...found]
}

/** The class that an expression is. */
function classesOf(expression: ts.Expression, checker: ts.TypeChecker): ts.ClassDeclaration[] {
  const { symbol } = checker.getTypeAtLocation(expression) as { readonly symbol?: ts.Symbol }
  return symbol?.declarations?.filter(compiler.isClassDeclaration) ?? []
}
