import { join, relative } from 'node:path'
import ts from 'typescript'

/** Declarations that no test changes, parsed once: they are nearly all that a small project consists of. */
const parsed = new Map<string, ts.SourceFile | undefined>()

/**
 * What the compiler says of projects below a folder, and of those that they refer to, each in one line as `tsc -b` writes it:
 * `kitchen/src/…(11,3): error TS2339: …`. Projects without errors are written to their output folders.
 */
export function projectErrors(root: string, projects: readonly string[]): string[] {
  const done = new Map<string, readonly string[]>()
  for (const project of projects) build(join(root, project), root, done)
  return [...done.values()].flat()
}

function build(folder: string, root: string, done: Map<string, readonly string[]>): void {
  if (done.has(folder)) return
  const { options, fileNames, projectReferences = [], errors } = configOf(folder)
  for (const { path } of projectReferences) build(path, root, done)
  const program = ts.createProgram({
    rootNames: fileNames,
    options: { ...options, composite: false, declaration: true, incremental: false, tsBuildInfoFile: undefined },
    host: hostOf(options, root),
    configFileParsingDiagnostics: errors,
  })
  const found = ts.getPreEmitDiagnostics(program)
  if (found.length === 0) program.emit()
  done.set(
    folder,
    found.map((diagnostic) => toLine(diagnostic, root))
  )
}

function configOf(folder: string): ts.ParsedCommandLine {
  const host = { ...ts.sys, onUnRecoverableConfigFileDiagnostic: (problem: ts.Diagnostic) => fail(problem) }
  const config = ts.getParsedCommandLineOfConfigFile(join(folder, 'tsconfig.json'), undefined, host)
  if (config === undefined) throw new Error(`${folder} has no tsconfig.json.`)
  return config
}

function hostOf(options: ts.CompilerOptions, root: string): ts.CompilerHost {
  const host = ts.createCompilerHost(options)
  const read = host.getSourceFile.bind(host)
  host.getSourceFile = (name, ...rest) => {
    if (!relative(root, name).startsWith('..')) return read(name, ...rest)
    if (!parsed.has(name)) parsed.set(name, read(name, ...rest))
    return parsed.get(name)
  }
  host.getCurrentDirectory = () => root
  return host
}

function toLine({ file, start = 0, code, messageText }: ts.Diagnostic, root: string): string {
  const text = `error TS${code}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`
  if (file === undefined) return text
  const { line, character } = file.getLineAndCharacterOfPosition(start)
  return `${relative(root, file.fileName)}(${line + 1},${character + 1}): ${text}`
}

function fail({ messageText }: ts.Diagnostic): never {
  throw new Error(ts.flattenDiagnosticMessageText(messageText, '\n'))
}
