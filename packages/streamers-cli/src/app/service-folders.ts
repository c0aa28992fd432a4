import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/** Folders in which no service's sources are. */
const LEFT_OUT = new Set(['node_modules', 'dist', 'build', 'coverage'])
const DEEPEST = 5
const PACKAGE = '@boostercloud/framework-core'

/** The folders of the services at and below a folder; the folder itself where there is none, or where it is one. */
export function serviceFolders(folder: string): string[] {
  if (isService(folder) && existsSync(join(folder, 'src'))) return [folder]
  const found = below(folder, 0)
  return found.length > 0 ? found : [folder]
}

function below(folder: string, depth: number): string[] {
  if (depth >= DEEPEST || !existsSync(folder)) return []
  const names = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.') && !LEFT_OUT.has(entry.name))
    .map(({ name }) => name)
    .sort()
  return names.flatMap((name) => {
    const child = join(folder, name)
    return isService(child) ? [child] : below(child, depth + 1)
  })
}

/** Whether a folder has an app's package: it has sources, and depends on Booster. */
export function isService(folder: string): boolean {
  const manifest = join(folder, 'package.json')
  if (!existsSync(manifest) || !existsSync(join(folder, 'tsconfig.json'))) return false
  try {
    const { dependencies = {} } = JSON.parse(readFileSync(manifest, 'utf8')) as { dependencies?: object }
    return Object.hasOwn(dependencies, PACKAGE)
  } catch {
    // Whoever reads its sources says what is wrong with it.
    return true
  }
}
