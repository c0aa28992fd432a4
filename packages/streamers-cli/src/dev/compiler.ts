import { existsSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, relative, resolve } from 'node:path'
import { StreamerError } from '@boostercloud/streamer-connector'
import type * as Ts from 'typescript'

/** What became of a project's output. */
export interface Compiled {
  /** The project's folder. */
  readonly project: string
  /** Whether the compiler has nothing to complain of. */
  readonly isGood: boolean
  /** Whether a module was written that says something else than before. */
  readonly hasNewCode: boolean
}

/** What a compiler tells of. */
export interface CompilerEvents {
  /** A project was compiled: once at first, then at each change of a source. */
  compiled(result: Compiled): void
  /** What the compiler complains of, in its words. */
  complained(project: string, text: string): void
}

/**
 * Compiles TypeScript projects, and compiles each again when its sources change: with the service's own compiler, and Booster's plugin in it. One program for each project stays in
 * memory, so that a change costs what it touches. A project comes before those that refer to it.
 */
export class Compiler {
  /** Every project that is compiled, by its folder, with the folders that it refers to. */
  public readonly projects = new Map<string, readonly string[]>()
  private readonly watched: Array<{ close(): void }> = []

  public constructor(private readonly events: CompilerEvents) {}

  /** Adds the project in a folder and all that it refers to. Throws `PACKAGE_MISSING` where its compiler is not installed. */
  public add(folder: string): void {
    const project = resolve(folder)
    if (this.projects.has(project)) return
    const ts = compilerOf(project)
    const references = referencesOf(ts, project)
    this.projects.set(project, references)
    for (const reference of references) this.add(reference)
    this.watch(ts, project)
  }

  /** The project in a folder, and all that it refers to. */
  public partsOf(folder: string): Set<string> {
    const parts = new Set([resolve(folder)])
    for (const part of parts) for (const reference of this.projects.get(part) ?? []) parts.add(reference)
    return parts
  }

  public close(): void {
    for (const one of this.watched.splice(0)) one.close()
  }

  private watch(ts: typeof Ts, project: string): void {
    let hasNewCode = false
    const system: Ts.System = {
      ...ts.sys,
      writeFile: (path, text, withMark) => {
        if (/\.[cm]?js$/.test(path) && textOf(path) !== text) hasNewCode = true
        ts.sys.writeFile(path, text, withMark)
      },
    }
    const words: Ts.FormatDiagnosticsHost = {
      getCurrentDirectory: () => process.cwd(),
      getCanonicalFileName: (name) => name,
      getNewLine: () => '\n',
    }
    const host = ts.createWatchCompilerHost(
      join(project, 'tsconfig.json'),
      {},
      system,
      ts.createEmitAndSemanticDiagnosticsBuilderProgram,
      (diagnostic) => this.events.complained(project, ts.formatDiagnostic(diagnostic, words).trimEnd()),
      (_status, _newLine, _options, errors) => {
        if (errors === undefined) return
        this.events.compiled({ project, isGood: errors === 0, hasNewCode })
        hasNewCode = false
      }
    )
    const { afterProgramCreate } = host
    let before: readonly string[] = []
    host.afterProgramCreate = (program) => {
      const roots = program.getProgram().getRootFileNames()
      for (const file of before.filter((one) => !roots.includes(one))) {
        hasNewCode = removeOutput(file, program.getCompilerOptions()) || hasNewCode
      }
      before = roots
      afterProgramCreate?.(program)
    }
    this.watched.push(ts.createWatchProgram(host))
  }
}

/** Removes what a source that is gone was compiled to: Booster loads every module of the output. Answers whether there was one. */
function removeOutput(source: string, { rootDir, outDir }: Ts.CompilerOptions): boolean {
  if (rootDir === undefined || outDir === undefined) return false
  const base = join(outDir, relative(rootDir, source)).replace(/\.tsx?$/, '')
  const had = existsSync(`${base}.js`)
  for (const suffix of ['.js', '.js.map', '.d.ts', '.d.ts.map']) rmSync(`${base}${suffix}`, { force: true })
  return had
}

function referencesOf(ts: typeof Ts, project: string): string[] {
  const file = join(project, 'tsconfig.json')
  const { references = [] } = (ts.readConfigFile(file, (path) => ts.sys.readFile(path)).config ?? {}) as {
    references?: ReadonlyArray<{ readonly path: string }>
  }
  return references.map(({ path }) => {
    const target = resolve(project, path)
    return target.endsWith('.json') ? dirname(target) : target
  })
}

/** TypeScript with Booster's plugin in it: ts-patch brings it from 3.0 on; an older one has patched the package itself. */
function compilerOf(project: string): typeof Ts {
  const load = createRequire(join(project, 'package.json'))
  for (const name of ['ts-patch/compiler/typescript.js', 'typescript']) {
    const path = pathOf(load, name)
    if (path !== undefined) return load(path) as typeof Ts
  }
  throw new StreamerError('PACKAGE_MISSING', 'The compiler is not installed.', {
    at: project,
    hint: 'Install what its package.json names: npm install.',
  })
}

function pathOf(load: NodeJS.Require, name: string): string | undefined {
  try {
    return load.resolve(name)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') return undefined
    throw error
  }
}

function textOf(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined
}
