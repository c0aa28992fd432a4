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
  const names = new Set([...wanted].map(({ name }) => name))
  for (const [file, module] of Object.entries(require.cache)) {
    for (const name of namesIn(module?.exports)) {
      if (!names.has(name) && name !== 'default') continue
      const value = valueAt(module?.exports as object, name)
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
