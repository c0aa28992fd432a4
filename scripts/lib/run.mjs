import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** The repository's root folder. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** A command that ended with something other than 0. `cause.message` is what it wrote. */
export class CommandFailed extends Error {
  constructor(command, code, output) {
    super(`'${command}' ended with ${code}.`, { cause: new Error(output.trimEnd()) })
    this.name = 'CommandFailed'
  }
}

/**
 * Runs a command in the root folder. Resolves with what it wrote on stdout and stderr, or rejects with `CommandFailed`.
 * With `show` it writes to this process's own stdout and stderr instead.
 */
export function run(command, args, { env, show = false, shell = false } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: ROOT,
      env: { ...process.env, ...env },
      shell,
      stdio: ['ignore', show ? 'inherit' : 'pipe', show ? 'inherit' : 'pipe'],
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (text) => (output += text))
    child.once('error', reject)
    child.once('close', (code, signal) => {
      if (code === 0) return resolve(output)
      reject(new CommandFailed([command, ...args].join(' '), code ?? signal, output))
    })
  })
}

/** Runs a JavaScript file of an installed package with this Node, or with the one that `node` names. */
export function runNode(file, args, { node = process.execPath, ...options } = {}) {
  return run(node, [`node_modules/${file}`, ...args], options)
}

/** Runs the npm that runs this script, or else the one on the path. */
export function npm(args) {
  const { npm_execpath: own } = process.env
  if (own?.endsWith('.js')) return run(process.execPath, [own, ...args])
  return run('npm', args, { shell: process.platform === 'win32' })
}
