import { existsSync } from 'node:fs'
import { readFile, readdir, rm } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { StreamerError } from '@boostercloud/streamer-connector'
import type * as ts from 'typescript'
import { compiler, handledClasses, openServiceProgram } from '../inspect'
import type { ServiceProgram } from '../inspect'
import { carriedEvents, eventSchemas, exportedEvents } from '../schemas'
import { writeWhole } from '../terminal/write-whole'
import { MARK, schemaDocument, schemaModule } from './schema-module'
import { sourceHashes } from './source-hashes'
import { typeSources } from './type-sources'

/** What was written for one event class. */
export interface WrittenSchema {
  readonly event: string
  /** From 1. */
  readonly version: number
  /** The module, below the build output. */
  readonly file: string
}

/**
 * Writes beside the build output of a folder, for each event class that its streamed handlers take or that its topics carry, the JSON Schema and a module with a validator. Where the
 * folder has no streamed handler, as a contract's package has none, every exported event class counts. What was written before for a class that no longer counts is removed.
 *
 * Rejects with `OPTION_INVALID` where the folder is not built, where two of its classes would be written into one file, and for a class that has no schema.
 */
export async function writeSchemas(folder: string): Promise<WrittenSchema[]> {
  const program = openServiceProgram(folder)
  const schemas = eventSchemas(program, eventClasses(program))
  const texts = new Map<string, string>()
  const written = schemas.map(({ node, schema }): WrittenSchema => {
    const base = `${moduleOf(node, program)}.${schema.event}.schema`
    const sources = sourceHashes(typeSources(node, program.checker), base)
    texts.set(`${base}.json`, schemaDocument(schema, sources))
    texts.set(`${base}.cjs`, schemaModule(schema, sources))
    return { event: schema.event, version: schema.version, file: `${base}.cjs` }
  })
  for (const [file, text] of texts) await writeWhole(file, text)
  await removeOthers(outputFolder(program), new Set(texts.keys()))
  return written
}

function eventClasses(program: ServiceProgram): ts.ClassDeclaration[] {
  const handled = handledClasses(program)
  if (handled.length === 0) return exportedEvents(program)
  const all = new Set([...handled, ...carriedEvents(program).map(({ eventClass }) => eventClass)])
  const own = new Set(program.files)
  return [...all].filter((node) => own.has(node.getSourceFile()) && compiler.isSourceFile(node.parent))
}

/** The file that a class's source is built to, without `.js`. */
function moduleOf(node: ts.ClassDeclaration, { parsed }: ServiceProgram): string {
  const source = node.getSourceFile().fileName
  const file = compiler
    .getOutputFileNames(parsed, source, !compiler.sys.useCaseSensitiveFileNames)
    .find((one) => /\.[cm]?js$/.test(one))
  if (file !== undefined && existsSync(file)) return resolve(file).replace(/\.[cm]?js$/, '')
  throw new StreamerError('OPTION_INVALID', 'The folder is not built: the output of its sources is missing.', {
    at: source,
    hint: 'Build it first; as a postbuild script, boost-streamers schemas runs after each npm run build.',
  })
}

function outputFolder({ parsed, folder }: ServiceProgram): string {
  return parsed.options.outDir ?? join(folder, 'src')
}

async function removeOthers(folder: string, kept: ReadonlySet<string>): Promise<void> {
  for (const entry of await readdir(folder, { recursive: true })) {
    const file = resolve(folder, entry)
    if (!file.endsWith('.schema.cjs') || kept.has(file) || dirname(file).includes('node_modules')) continue
    // Another process may write the schemas of this folder too, and have removed it.
    if (!(await readFile(file, 'utf8').catch(() => '')).startsWith(MARK)) continue
    await rm(file, { force: true })
    await rm(file.replace(/\.cjs$/, '.json'), { force: true })
  }
}
