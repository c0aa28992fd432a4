import type * as ts from 'typescript'
import { compiler } from './compiler'

/**
 * The texts that an expression is known to have without running it: literals, constants, enums, `streamer()`, arrays of these, and
 * whatever else the compiler knows the literal type of. Undefined where it depends on what happens when the service runs.
 */
export function textsOf(expression: ts.Expression, checker: ts.TypeChecker): string[] | undefined {
  const inner = withoutWrapping(expression)
  return ofType(checker.getTypeAtLocation(inner), checker) ?? ofSyntax(inner, checker)
}

/** The one text of an expression, if it is known. */
export function textOf(expression: ts.Expression, checker: ts.TypeChecker): string | undefined {
  const texts = textsOf(expression, checker)
  return texts?.length === 1 ? texts[0] : undefined
}

/** The symbol itself, where a name is imported or exported again. */
export function originalOf(symbol: ts.Symbol, checker: ts.TypeChecker): ts.Symbol {
  return symbol.flags & compiler.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol
}

function ofType(type: ts.Type, checker: ts.TypeChecker): string[] | undefined {
  if (type.isStringLiteral()) return [type.value]
  // `streamer('a', 'b')` is of the type 'a/b' & Address.
  if (type.isIntersection()) return type.types.map((one) => ofType(one, checker)).find((texts) => texts !== undefined)
  if (!checker.isTupleType(type)) return undefined
  return together(checker.getTypeArguments(type as ts.TypeReference).map((element) => ofType(element, checker)))
}

function ofSyntax(expression: ts.Expression, checker: ts.TypeChecker): string[] | undefined {
  if (compiler.isStringLiteralLike(expression)) return [expression.text]
  if (compiler.isArrayLiteralExpression(expression)) {
    return together(
      expression.elements.map((element) =>
        textsOf(compiler.isSpreadElement(element) ? element.expression : element, checker)
      )
    )
  }
  if (compiler.isTemplateExpression(expression)) return ofTemplate(expression, checker)
  if (compiler.isCallExpression(expression)) return ofStreamer(expression, checker)
  if (compiler.isIdentifier(expression) || compiler.isPropertyAccessExpression(expression))
    return ofName(expression, checker)
  if (compiler.isBinaryExpression(expression) && expression.operatorToken.kind === compiler.SyntaxKind.PlusToken) {
    return joined([textOf(expression.left, checker), textOf(expression.right, checker)])
  }
  return undefined
}

function ofTemplate({ head, templateSpans }: ts.TemplateExpression, checker: ts.TypeChecker): string[] | undefined {
  return joined([
    head.text,
    ...templateSpans.flatMap(({ expression, literal }) => [textOf(expression, checker), literal.text]),
  ])
}

function ofStreamer(call: ts.CallExpression, checker: ts.TypeChecker): string[] | undefined {
  if (nameOf(call.expression, checker) !== 'streamer') return undefined
  const parts = call.arguments.map((argument) => textOf(argument, checker))
  return joined(parts.flatMap((part, index) => (index === 0 ? [part] : ['/', part])))
}

function ofName(name: ts.Identifier | ts.PropertyAccessExpression, checker: ts.TypeChecker): string[] | undefined {
  const symbol = checker.getSymbolAtLocation(name)
  const declaration = symbol && originalOf(symbol, checker).valueDeclaration
  if (!declaration) return undefined
  if (compiler.isEnumMember(declaration)) {
    const value = checker.getConstantValue(declaration)
    return typeof value === 'string' ? [value] : undefined
  }
  const value = valueOf(declaration)
  return value && textsOf(value, checker)
}

/** What a name stands for, where it stands for the same always. */
function valueOf(declaration: ts.Declaration): ts.Expression | undefined {
  if (compiler.isPropertyAssignment(declaration)) return declaration.initializer
  if (compiler.isVariableDeclaration(declaration) && isConstant(declaration)) return declaration.initializer
  if (compiler.isPropertyDeclaration(declaration) && isReadonly(declaration)) return declaration.initializer
  return undefined
}

/** The name that something was declared under, whatever it is called here. */
export function nameOf(expression: ts.Expression, checker: ts.TypeChecker): string | undefined {
  const symbol = checker.getSymbolAtLocation(
    compiler.isPropertyAccessExpression(expression) ? expression.name : expression
  )
  return symbol && (importedName(symbol, checker) ?? originalOf(symbol, checker).name)
}

/** What an import names in a package that has it no longer: nothing more is known of it. */
function importedName(symbol: ts.Symbol, checker: ts.TypeChecker): string | undefined {
  const specifier = symbol.declarations?.find(compiler.isImportSpecifier)
  const isThere = (originalOf(symbol, checker).declarations ?? []).length > 0
  return specifier && !isThere ? (specifier.propertyName ?? specifier.name).text : undefined
}

function withoutWrapping(expression: ts.Expression): ts.Expression {
  let inner = expression
  while (
    compiler.isParenthesizedExpression(inner) ||
    compiler.isAsExpression(inner) ||
    compiler.isSatisfiesExpression(inner) ||
    compiler.isNonNullExpression(inner)
  ) {
    inner = inner.expression
  }
  return inner
}

function isConstant(declaration: ts.VariableDeclaration): boolean {
  return (compiler.getCombinedNodeFlags(declaration) & compiler.NodeFlags.Const) !== 0
}

function isReadonly(declaration: ts.PropertyDeclaration): boolean {
  return (compiler.getCombinedModifierFlags(declaration) & compiler.ModifierFlags.Readonly) !== 0
}

function together(lists: readonly (string[] | undefined)[]): string[] | undefined {
  return lists.every((list): list is string[] => list !== undefined) ? lists.flat() : undefined
}

function joined(parts: readonly (string | undefined)[]): string[] | undefined {
  return parts.every((part) => part !== undefined) ? [parts.join('')] : undefined
}
