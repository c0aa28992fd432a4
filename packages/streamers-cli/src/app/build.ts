import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { StreamerError } from '@boostercloud/streamer-connector'
import { noApp } from './app'

/** Builds the app in a folder by its own build script, else by the TypeScript compiler with Booster's plugin. Rejects where that fails. */
export async function buildApp(folder: string): Promise<void> {
  const manifest = join(folder, 'package.json')
  if (!existsSync(manifest)) throw noApp(folder)
  const { scripts } = JSON.parse(readFileSync(manifest, 'utf8')) as { scripts?: Record<string, string> }
  const [command, args] = scripts?.build
    ? npm(['run', 'build', '--silent'])
    : [process.execPath, [compiler(folder), '-b']]
  const code = await run(command, args, folder)
  if (code === 0) return
  throw new StreamerError('OPTION_INVALID', `The app does not build: the build ended with ${code}.`, {
    at: folder,
    hint: 'Fix the errors above.',
  })
}

/** Runs a script of the package in a folder. Rejects where that fails. */
export async function runBuildScript(folder: string, script: string): Promise<void> {
  const code = await run(...npm(['run', script, '--silent']), folder)
  if (code === 0) return
  throw new StreamerError('OPTION_INVALID', `The script '${script}' ended with ${code}.`, {
    at: folder,
    hint: 'Fix the errors above.',
  })
}

function npm(args: string[]): [string, string[]] {
  const cli = process.env.npm_execpath
  return cli?.endsWith('.js')
    ? [process.execPath, [cli, ...args]]
    : [process.platform === 'win32' ? 'npm.cmd' : 'npm', args]
}

function compiler(folder: string): string {
  const { resolve } = createRequire(join(folder, 'package.json'))
  try {
    return join(resolve('ts-patch/package.json'), '..', 'bin', 'tspc.js')
  } catch (cause) {
    throw new StreamerError('PACKAGE_MISSING', 'The app has no build script, and ts-patch is not installed.', {
      at: folder,
      hint: 'Add a build script to its package.json, or install ts-patch.',
      cause,
    })
  }
}

async function run(command: string, args: readonly string[], cwd: string): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, stdio: ['ignore', 'inherit', 'inherit'] })
    child.once('error', reject)
    child.once('exit', resolve)
  })
}
