import { execFile, spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { freePort } from '@boostercloud/dev-brokers'
import { compiledOnce } from './compiled-once'

/** Below the repository, so that an app finds the packages that stand at its root. */
const ROOT = join(__dirname, '..', '..', '..', '..')
const SCRATCH = join(ROOT, '.cache', 'test-apps')

const TSCONFIG = {
  compilerOptions: {
    experimentalDecorators: true,
    module: 'commonjs',
    moduleResolution: 'node',
    target: 'es2017',
    lib: ['es2022'],
    types: ['node'],
    esModuleInterop: true,
    importHelpers: true,
    strict: true,
    skipLibCheck: true,
    outDir: 'dist',
    rootDir: 'src',
    plugins: [{ transform: '@boostercloud/metadata-booster' }],
  },
  include: ['src'],
}

/** A Booster app made of sources, compiled as Booster's own tooling does, in a folder of its own. */
export class BoosterApp {
  private readonly processes: ChildProcess[] = []

  private constructor(public readonly folder: string) {}

  /** Writes and compiles; `files` are paths below the app's folder. Rejects with the compiler's words. */
  public static async build(files: Readonly<Record<string, string>>): Promise<BoosterApp> {
    await mkdir(SCRATCH, { recursive: true })
    const app = new BoosterApp(await mkdtemp(join(SCRATCH, 'app-')))
    const all = {
      'tsconfig.json': JSON.stringify(TSCONFIG),
      'package.json': '{"name":"app","version":"0.0.0"}',
      ...files,
    }
    for (const [path, text] of Object.entries(all)) {
      await mkdir(dirname(join(app.folder, path)), { recursive: true })
      await writeFile(join(app.folder, path), text)
    }
    try {
      await compiledOnce(all, join(app.folder, 'dist'), () => app.compile())
    } catch (error) {
      await app.remove()
      throw error
    }
    return app
  }

  /** Runs a script in the app's folder; `onLine` is given what it prints. */
  public async run(script: string, args: readonly string[], onLine: (line: string) => void): Promise<ChildProcess> {
    const port = await freePort()
    const child = spawn(process.execPath, [script, ...args], {
      cwd: this.folder,
      env: { ...process.env, BOOSTER_ENV: 'local', LOCAL_ENVIRONMENT_WEBSOCKET_SERVER_PORT: String(port) },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.processes.push(child)
    for (const stream of [child.stdout, child.stderr]) {
      let rest = ''
      stream.on('data', (chunk: Buffer) => {
        const lines = (rest + chunk.toString('utf8')).split('\n')
        rest = lines.pop() ?? ''
        lines.forEach(onLine)
      })
    }
    return child
  }

  private async compile(): Promise<void> {
    const tspc = join(ROOT, 'node_modules', 'ts-patch', 'bin', 'tspc.js')
    await promisify(execFile)(process.execPath, [tspc, '-p', this.folder], { cwd: this.folder }).catch(
      (error: { stdout?: string; message: string }) => {
        throw new Error(error.stdout ?? error.message)
      }
    )
  }

  /** Ends what was started and removes the folder. */
  public async remove(): Promise<void> {
    await Promise.all(this.processes.map(ended))
    await rm(this.folder, { recursive: true, force: true })
  }
}

/** Ends a process for good. */
async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exit = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGKILL')
  await exit
}
