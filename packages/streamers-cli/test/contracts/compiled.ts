import { join } from 'node:path'
import ts from 'typescript'

const ROOT = join(__dirname, '..', '..', '..', '..')
const FOLDER = join(ROOT, '.cache', 'contracts')

const OPTIONS: ts.CompilerOptions = {
  strict: true,
  noUnusedLocals: true,
  noEmit: true,
  target: ts.ScriptTarget.ES2017,
  lib: ['lib.es2022.d.ts'],
  module: ts.ModuleKind.CommonJS,
  moduleResolution: ts.ModuleResolutionKind.Node10,
  types: [],
  skipLibCheck: true,
}

const libraries = new Map<string, ts.SourceFile | undefined>()

/** What the compiler says of files that stand together in a folder, as `name(line): words`. */
export function complaintsAbout(files: Readonly<Record<string, string>>): string[] {
  const host = ts.createCompilerHost(OPTIONS)
  const { getSourceFile, fileExists, readFile } = host
  const textOf = (path: string): string | undefined =>
    path.startsWith(`${FOLDER}/`) ? files[path.slice(FOLDER.length + 1)] : undefined
  host.fileExists = (path) => textOf(path) !== undefined || fileExists(path)
  const { directoryExists } = host
  host.directoryExists = (path) => path === FOLDER || (directoryExists?.(path) ?? true)
  host.readFile = (path) => textOf(path) ?? readFile(path)
  host.getSourceFile = (path, ...rest) => {
    const text = textOf(path)
    if (text !== undefined) return ts.createSourceFile(path, text, ts.ScriptTarget.ES2022)
    if (!libraries.has(path)) libraries.set(path, getSourceFile(path, ...rest))
    return libraries.get(path)
  }
  const program = ts.createProgram(
    Object.keys(files).map((name) => join(FOLDER, name)),
    OPTIONS,
    host
  )
  return ts.getPreEmitDiagnostics(program).map(({ file, start = 0, messageText }) => {
    const line = file ? ts.getLineAndCharacterOfPosition(file, start).line + 1 : 0
    const name = file?.fileName.slice(FOLDER.length + 1) ?? ''
    return `${name}(${line}): ${ts.flattenDiagnosticMessageText(messageText, '\n')}`
  })
}

/** What a file declares, in its order, as `class PostCreated { postId, … }`; with a complaint for each syntax error. */
export function declarationsOf(text: string): string[] {
  const file = ts.createSourceFile('file.ts', text, ts.ScriptTarget.ES2022, true)
  const errors = (file as unknown as { parseDiagnostics: ts.Diagnostic[] }).parseDiagnostics
  return [...errors.map(({ messageText }) => `error: ${String(messageText)}`), ...file.statements.map(declarationOf)]
}

function declarationOf(statement: ts.Statement): string {
  const members = (of: ts.NodeArray<ts.ClassElement | ts.TypeElement>): string =>
    of.map((member) => member.name?.getText() ?? ts.SyntaxKind[member.kind].toLowerCase()).join(', ')
  if (ts.isClassDeclaration(statement)) return `class ${statement.name?.text} { ${members(statement.members)} }`
  if (ts.isInterfaceDeclaration(statement)) return `interface ${statement.name.text} { ${members(statement.members)} }`
  if (ts.isTypeAliasDeclaration(statement)) return `type ${statement.name.text}`
  if (ts.isImportDeclaration(statement)) return `import ${statement.moduleSpecifier.getText()}`
  if (ts.isVariableStatement(statement)) {
    const [{ name, initializer }] = statement.declarationList.declarations
    return `const ${name.getText()}: ${initializer ? ts.SyntaxKind[initializer.kind] : 'nothing'}`
  }
  return ts.SyntaxKind[statement.kind]
}
