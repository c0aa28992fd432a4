import type * as ts from 'typescript'
import { compiler } from '../inspect'

/** What every service has, and what no change to a service changes. */
const OF_THE_COMPILER = /[\\/]node_modules[\\/](typescript|@types)[\\/]/

/** The files that a class's type comes from: its own, and those of each type that its fields, its bases and their `toJSON` lead to. Without the compiler's libraries. */
export function typeSources(node: ts.ClassDeclaration, checker: ts.TypeChecker): string[] {
  const walk = new Walk(checker)
  walk.declaration(node)
  return [...walk.files].filter((file) => !OF_THE_COMPILER.test(file)).sort()
}

class Walk {
  public readonly files = new Set<string>()
  private readonly seen = new Set<ts.Node | ts.Type>()

  public constructor(private readonly checker: ts.TypeChecker) {}

  public declaration(node: ts.Node): void {
    if (this.seen.has(node)) return
    this.seen.add(node)
    const { fileName } = node.getSourceFile()
    if (OF_THE_COMPILER.test(fileName)) return
    this.files.add(fileName)
    compiler.forEachChild(node, (child) => this.part(child))
  }

  /** Of what stands in a declaration, only what tells how its values travel is followed. */
  private part(node: ts.Node): void {
    if (compiler.isBlock(node) || compiler.isDecorator(node) || isOtherMethod(node)) return
    if (isOfInferredType(node)) this.type(this.checker.getTypeAtLocation(node))
    if (compiler.isIdentifier(node)) this.name(node)
    compiler.forEachChild(node, (child) => this.part(child))
  }

  private name(node: ts.Identifier): void {
    const symbol = this.checker.getSymbolAtLocation(node)
    if (symbol) this.symbol(symbol.flags & compiler.SymbolFlags.Alias ? this.throughFiles(symbol) : symbol)
  }

  /** What a name stands for, past the files that only pass it on: one of these may come to pass on another. */
  private throughFiles(symbol: ts.Symbol): ts.Symbol {
    for (let one: ts.Symbol | undefined = symbol; one;) {
      for (const { parent } of one.declarations ?? []) if (parent) this.passedOnBy(parent.getSourceFile().fileName)
      one = one.flags & compiler.SymbolFlags.Alias ? this.checker.getImmediateAliasedSymbol(one) : undefined
    }
    return this.checker.getAliasedSymbol(symbol)
  }

  private passedOnBy(fileName: string): void {
    if (!OF_THE_COMPILER.test(fileName)) this.files.add(fileName)
  }

  private symbol(symbol: ts.Symbol): void {
    for (const declaration of symbol.declarations ?? []) {
      if (!compiler.isParameter(declaration) && !compiler.isTypeParameterDeclaration(declaration))
        this.declaration(declaration)
    }
  }

  /** A type that stands nowhere in the text. */
  private type(type: ts.Type): void {
    if (this.seen.has(type)) return
    this.seen.add(type)
    if (type.aliasSymbol) this.symbol(type.aliasSymbol)
    if (type.symbol) this.symbol(type.symbol)
    if (type.isUnionOrIntersection()) type.types.forEach((one) => this.type(one))
    for (const one of this.checker.getTypeArguments(type as ts.TypeReference) ?? []) this.type(one)
  }
}

/** A method is no part of what travels, but for the one that makes the JSON. */
function isOtherMethod(node: ts.Node): boolean {
  const isMethod = compiler.isMethodDeclaration(node) || compiler.isMethodSignature(node) || compiler.isAccessor(node)
  return isMethod && node.name.getText() !== 'toJSON'
}

function isOfInferredType(node: ts.Node): boolean {
  const isField = compiler.isPropertyDeclaration(node) || compiler.isParameter(node)
  return (isField && node.type === undefined) || (compiler.isMethodDeclaration(node) && node.type === undefined)
}
