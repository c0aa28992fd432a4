import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type * as ts from 'typescript'
import { originalOf } from '../compiler/constants'
import { openServiceProgram } from '../compiler/service-program'
import type { ServiceProgram } from '../compiler/service-program'
import { compiler } from '../compiler/compiler'

type Versions = ReadonlyMap<string, number>

/**
 * The newest schema version of each class that has migrations (`@SchemaMigration` with `@ToVersion`): in the sources of a service, or in those
 * of the package that the class comes from, where they are there. Classes of one name that come from different packages stay apart.
 */
export class SchemaVersions {
  private readonly inPackages = new Map<string, Versions>()

  public constructor(private readonly program: ServiceProgram) {
    this.inPackages.set(program.folder, versionsIn(program))
  }

  /** That of a class, by the expression that names it or by its declaration; 1 where it has no migrations. */
  public of(node: ts.Expression | ts.ClassDeclaration): number {
    const declaration = declarationOf(node, this.program.checker)
    return declaration ? this.ofDeclaration(declaration) : 1
  }

  /** A contract's class and the one that a publisher makes of it are the same event. */
  private ofDeclaration(declaration: ts.ClassDeclaration): number {
    const base = baseOf(declaration, this.program.checker)
    const folder = packageFolderOf(declaration)
    const known = [this.program.folder, folder].map((each) => this.versionsIn(each).get(keyOf(declaration)) ?? 1)
    return Math.max(...known, base ? this.ofDeclaration(base) : 1)
  }

  private versionsIn(folder: string): Versions {
    const versions = this.inPackages.get(folder) ?? versionsOfPackage(folder)
    this.inPackages.set(folder, versions)
    return versions
  }
}

/** Those of a package whose sources are there: one of the same repository, or one that is published with them. */
function versionsOfPackage(folder: string): Versions {
  return existsSync(join(folder, 'src')) && existsSync(join(folder, 'tsconfig.json'))
    ? versionsIn(openServiceProgram(folder))
    : new Map()
}

function versionsIn({ checker, files }: ServiceProgram): Versions {
  const versions = new Map<string, number>()
  const visit = (node: ts.Node): void => {
    const of = compiler.isClassDeclaration(node) ? migrated(node, checker) : undefined
    if (compiler.isClassDeclaration(node) && of) {
      versions.set(keyOf(of), Math.max(versions.get(keyOf(of)) ?? 1, ...node.members.flatMap(targets)))
    }
    compiler.forEachChild(node, visit)
  }
  files.forEach(visit)
  return versions
}

function migrated(node: ts.ClassDeclaration, checker: ts.TypeChecker): ts.ClassDeclaration | undefined {
  for (const call of callsOf(node)) {
    const [eventClass] = call.arguments
    if (call.expression.getText() === 'SchemaMigration' && eventClass) return declarationOf(eventClass, checker)
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
  const decorators = compiler.canHaveDecorators(node) ? (compiler.getDecorators(node) ?? []) : []
  return decorators.map(({ expression }) => expression).filter(compiler.isCallExpression)
}

function declarationOf(
  node: ts.Expression | ts.ClassDeclaration,
  checker: ts.TypeChecker
): ts.ClassDeclaration | undefined {
  if (compiler.isClassDeclaration(node)) return node
  const symbol = checker.getSymbolAtLocation(compiler.isPropertyAccessExpression(node) ? node.name : node)
  return symbol && originalOf(symbol, checker).declarations?.find(compiler.isClassDeclaration)
}

function baseOf(declaration: ts.ClassDeclaration, checker: ts.TypeChecker): ts.ClassDeclaration | undefined {
  const extended = declaration.heritageClauses?.find(({ token }) => token === compiler.SyntaxKind.ExtendsKeyword)
  const [base] = extended?.types ?? []
  return base && declarationOf(base.expression, checker)
}

/** A class by its package, where it is known in the same way from its sources and from what was built of them. */
function keyOf(declaration: ts.ClassDeclaration): string {
  return JSON.stringify([packageFolderOf(declaration), declaration.name?.text])
}

function packageFolderOf(node: ts.Node): string {
  const start = dirname(node.getSourceFile().fileName)
  for (let folder = start; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return folder
    if (folder === dirname(folder)) return start
  }
}
