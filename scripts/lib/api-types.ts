import ts from 'typescript'

/** What a signature names, and where that is declared. */
export interface NamedType {
  readonly name: string
  readonly symbol: ts.Symbol
}

/**
 * The types that the declarations of a name mention, each once: what somebody must have who uses it. Members that are private or `@internal` are not seen, and what a
 * declaration declares within itself, as type parameters, is its own.
 */
export function typesNamedBy({ declarations = [] }: ts.Symbol, checker: ts.TypeChecker): NamedType[] {
  const found = new Map<ts.Symbol, NamedType>()
  for (const declaration of declarations) {
    const visit = (node: ts.Node): void => {
      if (isUnseen(node)) return
      const name = nameIn(node)
      const symbol = name && symbolOf(name, checker)
      if (symbol && !symbol.declarations?.some((one) => isWithin(one, declaration)))
        found.set(symbol, { name: name.getText(), symbol })
      // What a base class is given shows in members that are seen, or not at all.
      if (ts.isExpressionWithTypeArguments(node) && ts.isClassDeclaration(node.parent.parent)) return
      ts.forEachChild(node, visit)
    }
    ts.forEachChild(declaration, visit)
  }
  return [...found.values()]
}

/** Whether others do not see a member of a class. */
export function isPrivate(node: ts.Node): boolean {
  if (!ts.isClassElement(node)) return false
  const isMarked =
    ts.canHaveModifiers(node) &&
    ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.PrivateKeyword) === true
  return isMarked || (node.name !== undefined && ts.isPrivateIdentifier(node.name))
}

/** Members that are private or `@internal`, and what a class implements: that is there member by member. */
function isUnseen(node: ts.Node): boolean {
  if (ts.isHeritageClause(node)) return node.token === ts.SyntaxKind.ImplementsKeyword
  if (!ts.isClassElement(node) && !ts.isTypeElement(node)) return false
  return isPrivate(node) || ts.getJSDocTags(node).some(({ tagName }) => tagName.text === 'internal')
}

/** The name by which a node refers to a type. */
function nameIn(node: ts.Node): ts.EntityName | ts.Expression | undefined {
  if (ts.isTypeReferenceNode(node)) return node.typeName
  if (ts.isExpressionWithTypeArguments(node)) return node.expression
  if (ts.isTypeQueryNode(node)) return node.exprName
  return ts.isImportTypeNode(node) ? node.qualifier : undefined
}

function symbolOf(name: ts.Node, checker: ts.TypeChecker): ts.Symbol | undefined {
  const at = ts.isQualifiedName(name) ? name.right : name
  const symbol = checker.getSymbolAtLocation(at)
  return symbol && symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol
}

function isWithin(node: ts.Node | undefined, outer: ts.Node): boolean {
  for (let one = node; one; one = one.parent) if (one === outer) return true
  return false
}
