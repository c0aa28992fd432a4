import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './source-tree'

/** What package-lock.json says of a package, as far as the tests ask. */
interface Locked {
  readonly version?: string
  readonly engines?: Readonly<Record<string, string>>
  readonly license?: string
  readonly link?: boolean
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

/** By the folder where each is installed. */
export const { packages: LOCKED } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
  packages: Readonly<Record<string, Locked>>
}

/** Where a dependency of what stands at `path` is installed, the nearest first. */
function placeOf(name: string, path: string): string | undefined {
  const parts = path === '' ? [] : path.split('/node_modules/')
  const above = parts.map((_, index) => `${parts.slice(0, parts.length - index).join('/node_modules/')}/node_modules/`)
  return [...above, 'node_modules/'].map((folder) => `${folder}${name}`).find((place) => place in LOCKED)
}

/** Everything that is installed with the packages, at any depth: what they name, and what that needs. */
export function installedWith(folders: readonly string[]): Set<string> {
  const found = new Set<string>()
  const left = [...folders]
  for (let path = left.pop(); path !== undefined; path = left.pop()) {
    const { dependencies, optionalDependencies, peerDependencies } = LOCKED[path]
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies })) {
      const place = placeOf(name, path)
      if (place === undefined || found.has(place) || LOCKED[place].link) continue
      found.add(place)
      left.push(place)
    }
  }
  return found
}
