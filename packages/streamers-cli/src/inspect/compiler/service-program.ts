import { existsSync, readFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { StreamerError } from '@boostercloud/streamer-connector'
import type * as ts from 'typescript'
import { hostOf } from './compiler-host'
import { compiler } from './compiler'

/** The sources of one service, as the compiler sees them; nothing of them is run. */
export interface ServiceProgram {
  readonly folder: string
  /** From the service's package.json; else the folder's name. */
  readonly packageName: string
  readonly checker: ts.TypeChecker
  readonly program: ts.Program
  /** As its tsconfig.json has it. */
  readonly parsed: ts.ParsedCommandLine
  /** The service's own files, in the order of their names. */
  readonly files: readonly ts.SourceFile[]
}

/**
 * Reads a service's sources by its tsconfig.json. Type errors do no harm. Throws `OPTION_INVALID` for a folder without a tsconfig.json, and
 * for one that cannot be read.
 */
export function openServiceProgram(folder: string): ServiceProgram {
  const root = resolve(folder)
  const configFile = join(root, 'tsconfig.json')
  if (!existsSync(configFile)) throw unreadable(root, 'It has no tsconfig.json.')
  const read = compiler.getParsedCommandLineOfConfigFile(
    configFile,
    { noEmit: true, composite: false, incremental: false },
    HOST
  )
  if (!read || read.fileNames.length === 0) throw unreadable(root, problemsOf(read))
  // Without these checks the compiler forgets that something may be null, and what a list may hold that begins empty.
  const options = { ...read.options, skipLibCheck: true, strictNullChecks: true, noImplicitAny: true }
  const program = compiler.createProgram(read.fileNames, options, hostOf(options))
  const own = new Set(read.fileNames.map((name) => resolve(name)))
  const files = program
    .getSourceFiles()
    .filter(({ fileName, isDeclarationFile }) => !isDeclarationFile && own.has(resolve(fileName)))
    .sort((one, other) => (one.fileName < other.fileName ? -1 : 1))
  return {
    folder: root,
    packageName: packageNameOf(root),
    checker: program.getTypeChecker(),
    program,
    parsed: read,
    files,
  }
}

/** `src/events/post-created.ts:12`, from the service's folder. */
export function placeOf(node: ts.Node, folder: string): string {
  const file = node.getSourceFile()
  const { line } = file.getLineAndCharacterOfPosition(node.getStart(file))
  return `${relative(folder, file.fileName).replaceAll('\\', '/')}:${line + 1}`
}

const HOST: ts.ParseConfigFileHost = { ...compiler.sys, onUnRecoverableConfigFileDiagnostic: () => undefined }

function packageNameOf(folder: string): string {
  const file = join(folder, 'package.json')
  const last = folder.split(/[\\/]/).pop() ?? folder
  if (!existsSync(file)) return last
  try {
    return (JSON.parse(readFileSync(file, 'utf8')) as { name?: string }).name ?? last
  } catch (cause) {
    throw unreadable(folder, `Its package.json is not valid JSON: ${String(cause)}`)
  }
}

function problemsOf(read: ts.ParsedCommandLine | undefined): string {
  const [first] = read?.errors ?? []
  return first ? compiler.flattenDiagnosticMessageText(first.messageText, ' ') : 'Its tsconfig.json includes no file.'
}

function unreadable(folder: string, why: string): StreamerError {
  return new StreamerError('OPTION_INVALID', `The sources of a service cannot be read: ${why}`, {
    at: folder,
    hint: 'Name the folder of a service: the one that has its tsconfig.json.',
  })
}
