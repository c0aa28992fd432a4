import type * as ts from 'typescript'
import { nameOf } from '../compiler/constants'
import { compiler } from '../compiler/compiler'

/** Stands for every field: the event is handed on, and what becomes of it there is not followed. */
export const EVERY_FIELD = '*'

/** The fields of the event that a handler class reads in its `handle`, by name and in order. */
export function fieldsRead(handler: ts.ClassDeclaration, checker: ts.TypeChecker): string[] {
  const handle = handler.members.find(
    (member): member is ts.MethodDeclaration =>
      compiler.isMethodDeclaration(member) && member.name.getText() === 'handle'
  )
  const event = handle?.parameters[0]
  if (!handle?.body || !event) return [EVERY_FIELD]
  if (compiler.isObjectBindingPattern(event.name)) return sorted(bound(event.name))
  const symbol = checker.getSymbolAtLocation(event.name)
  const found = new Set<string>()
  const visit = (node: ts.Node): void => {
    if (compiler.isIdentifier(node) && checker.getSymbolAtLocation(node) === symbol)
      readBy(node, checker).forEach((name) => found.add(name))
    compiler.forEachChild(node, visit)
  }
  visit(handle.body)
  return sorted([...found])
}

/** What is read where the event itself is named. */
function readBy(event: ts.Identifier, checker: ts.TypeChecker): string[] {
  const { parent } = event
  if (compiler.isPropertyAccessExpression(parent) && parent.expression === event) return ofMember(parent)
  if (compiler.isElementAccessExpression(parent) && compiler.isStringLiteralLike(parent.argumentExpression)) {
    return [parent.argumentExpression.text]
  }
  if (
    compiler.isVariableDeclaration(parent) &&
    parent.initializer === event &&
    compiler.isObjectBindingPattern(parent.name)
  ) {
    return bound(parent.name)
  }
  const isAboutIt = compiler.isCallExpression(parent) && nameOf(parent.expression, checker) === 'metadataOf'
  return isAboutIt ? [] : [EVERY_FIELD]
}

/** A method of the event may read anything. */
function ofMember(access: ts.PropertyAccessExpression): string[] {
  const isCall = compiler.isCallExpression(access.parent) && access.parent.expression === access
  return isCall ? [EVERY_FIELD] : [access.name.text]
}

function bound({ elements }: ts.ObjectBindingPattern): string[] {
  return elements.map(({ dotDotDotToken, propertyName, name }) =>
    dotDotDotToken ? EVERY_FIELD : (propertyName ?? name).getText()
  )
}

function sorted(names: readonly string[]): string[] {
  const unique = [...new Set(names)].sort()
  return unique.includes(EVERY_FIELD) ? [EVERY_FIELD] : unique
}
