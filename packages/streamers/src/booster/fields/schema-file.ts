import { existsSync } from 'node:fs'
import type { AnyClass } from './class-metadata'

/** The file that `boost-streamers schemas` writes for a class, beside the module that exports the class. */
function schemaFileOf(moduleFile: string, className: string): string {
  return `${moduleFile.replace(/\.[cm]?js$/, '')}.${className}.schema.cjs`
}

const found = new Map<AnyClass, string | undefined>()
const expected = new Set<AnyClass>()

/** Says that the file of a class will be asked for, so that one look through the modules finds those of all. */
export function expectSchemaOf(ofClass: AnyClass): void {
  expected.add(ofClass)
}

/** The file of each of these classes, where one was written. It is not loaded: only the modules that are loaded already are looked through, once for each class. */
export function schemaFilesOf(classes: Iterable<AnyClass>): ReadonlyMap<AnyClass, string | undefined> {
  const unknown = [...classes].filter((one) => !found.has(one))
  if (unknown.length > 0) lookFor(new Set([...unknown, ...[...expected].filter((one) => !found.has(one))]))
  return found
}

function lookFor(wanted: ReadonlySet<AnyClass>): void {
  for (const one of wanted) found.set(one, undefined)
  const names = new Set(['default', ...[...wanted].map(({ name }) => name)])
  lookThrough(wanted, (exported) => namesIn(exported).filter((name) => names.has(name)))
  // What is left may be exported under another name: `export { One as Other }`, `export = One`.
  const left = new Set([...wanted].filter((one) => found.get(one) === undefined))
  if (left.size > 0) lookThrough(left, namesIn)
}

function lookThrough(wanted: ReadonlySet<AnyClass>, namesOf: (exported: unknown) => readonly string[]): void {
  for (const [file, module] of Object.entries(require.cache)) {
    const exported: unknown = module?.exports
    const values = namesOf(exported).map((name) => valueAt(exported as object, name))
    for (const value of [exported, ...values]) {
      if (!wanted.has(value as AnyClass)) continue
      const schemaFile = schemaFileOf(file, (value as AnyClass).name)
      if (existsSync(schemaFile)) found.set(value as AnyClass, schemaFile)
    }
  }
}

function namesIn(exported: unknown): readonly string[] {
  return (typeof exported === 'object' && exported !== null) || typeof exported === 'function'
    ? Object.keys(exported)
    : []
}

/** What a module itself has under a name. What it passes on from others is behind getters, which are not run. */
function valueAt(exported: object, name: string): unknown {
  return Object.getOwnPropertyDescriptor(exported, name)?.value
}
