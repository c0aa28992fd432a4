import * as ts from 'typescript'
import { nameOf } from './constants'
import type { ServiceProgram } from './service-program'

/** The newest schema version of each class that has migrations (`@SchemaMigration` with `@ToVersion`), by the class's name. */
export function schemaVersions({ checker, files }: ServiceProgram): ReadonlyMap<string, number> {
  const versions = new Map<string, number>()
  const visit = (node: ts.Node): void => {
    if (ts.isClassDeclaration(node)) {
      const of = migrated(node, checker)
      if (of !== undefined) versions.set(of, Math.max(versions.get(of) ?? 1, ...node.members.flatMap(targets)))
    }
    ts.forEachChild(node, visit)
  }
  files.forEach(visit)
  return versions
}

function migrated(node: ts.ClassDeclaration, checker: ts.TypeChecker): string | undefined {
  for (const call of callsOf(node)) {
    if (call.expression.getText() === 'SchemaMigration' && call.arguments[0]) return nameOf(call.arguments[0], checker)
  }
  return undefined
}

/** The version that a migration's method leads to. */
function targets(member: ts.ClassElement): number[] {
  return callsOf(member)
    .filter((call) => call.expression.getText() === 'ToVersion')
    .map((call) => Number(call.arguments[0]?.getText()))
    .filter((version) => Number.isSafeInteger(version))
}

function callsOf(node: ts.Node): ts.CallExpression[] {
  const decorators = ts.canHaveDecorators(node) ? (ts.getDecorators(node) ?? []) : []
  return decorators.map(({ expression }) => expression).filter(ts.isCallExpression)
}
