import { spawn } from 'node:child_process'
import { resolve } from 'node:path'

/** The repository's root folder. */
export const ROOT = resolve(__dirname, '../..')

/** A command that ended with something other than 0. `output` is what it wrote. */
export class CommandFailed extends Error {
  public constructor(
    command: string,
    code: number | string | null,
    public readonly output: string
  ) {
    super(`'${command}' ended with ${code}.`)
    this.name = 'CommandFailed'
  }
}

/** How a command is run. */
export interface RunOptions {
  readonly env?: Readonly<Record<string, string | undefined>>
  /** Whether it writes to this process's own stdout and stderr. */
  readonly show?: boolean
  readonly shell?: boolean
}

/** Runs a command in the root folder. Resolves with what it wrote on stdout and stderr, or rejects with `CommandFailed`. */
export async function run(
  command: string,
  args: readonly string[],
  { env, show = false, shell = false }: RunOptions = {}
): Promise<string> {
  return new Promise((done, reject) => {
    const child = spawn(command, args, {
      cwd: ROOT,
      env: { ...process.env, ...env },
      shell,
      stdio: ['ignore', show ? 'inherit' : 'pipe', show ? 'inherit' : 'pipe'],
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => (output += text))
    child.once('error', reject)
    child.once('close', (code, signal) => {
      if (code === 0) return done(output)
      reject(new CommandFailed([command, ...args].join(' '), code ?? signal, output.trimEnd()))
    })
  })
}

/** Runs a JavaScript file of an installed package with this Node. */
export async function runNode(file: string, args: readonly string[], options?: RunOptions): Promise<string> {
  return run(process.execPath, [`node_modules/${file}`, ...args], options)
}

/** Runs a TypeScript file of the repository with this Node; it writes to this process's own stdout and stderr. */
export async function runTypeScript(file: string, args: readonly string[]): Promise<void> {
  await run(process.execPath, ['--import', 'tsx', file, ...args], { show: true })
}

/** Runs the npm that runs this script, or else the one on the path. */
export async function npm(args: readonly string[]): Promise<string> {
  const { npm_execpath: own } = process.env
  if (own?.endsWith('.js')) return run(process.execPath, [own, ...args])
  return run('npm', args, { shell: process.platform === 'win32' })
}
