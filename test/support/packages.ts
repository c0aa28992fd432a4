import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './source-tree'

/** What a package's package.json says, as far as the tests ask. */
export interface Manifest {
  readonly name: string
  readonly version: string
  readonly main?: string
  readonly types?: string
  readonly typesVersions?: { readonly '*': Readonly<Record<string, readonly string[]>> }
  readonly exports: Readonly<Record<string, string | { readonly types: string; readonly default: string }>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
  readonly [field: string]: unknown
}

/** A package of this repository that is published. */
export interface Package {
  readonly folder: string
  readonly manifest: Manifest
  /** What it is imported by: its name, and its name with each subpath. */
  readonly entries: ReadonlyArray<{ readonly specifier: string; readonly types: string; readonly code: string }>
}

/** Every package below packages/. */
export const PACKAGES: readonly Package[] = readdirSync(join(ROOT, 'packages'))
  .map((name) => `packages/${name}`)
  .filter((folder) => existsSync(join(ROOT, folder, 'package.json')))
  .map((folder) => {
    const manifest = JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8')) as Manifest
    const entries = Object.entries(manifest.exports).flatMap(([subpath, target]) =>
      typeof target === 'string'
        ? []
        : [{ specifier: `${manifest.name}${subpath.slice(1)}`, types: target.types, code: target.default }]
    )
    return { folder, manifest, entries }
  })
