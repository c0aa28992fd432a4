import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { projectErrors } from './project-errors'
import { WarmCli } from './warm-cli'
import type { Ended } from './warm-cli'

const ROOT = resolve(__dirname, '../..')
const EXAMPLE = join(ROOT, 'examples/contracts')
const TSPC = join(ROOT, 'node_modules/ts-patch/bin/tspc.js')
const BASE_CONFIG = 'blog/tsconfig.base.json'

/** A copy of examples/contracts, where its folders can be changed and find each other as if each came from its repository. */
export class ContractsCopy {
  private constructor(
    private readonly root: string,
    private readonly cli: WarmCli
  ) {}

  public static async make(cli: WarmCli = new WarmCli()): Promise<ContractsCopy> {
    await mkdir(join(ROOT, '.cache'), { recursive: true })
    const copy = new ContractsCopy(await mkdtemp(join(ROOT, '.cache/contracts-')), cli)
    const isKept = (path: string): boolean => !/[\\/](\.booster|node_modules)$/.test(path)
    await cp(EXAMPLE, copy.folder, { recursive: true, preserveTimestamps: true, filter: isKept })
    await mkdir(dirname(join(copy.root, BASE_CONFIG)))
    await cp(join(ROOT, 'examples', BASE_CONFIG), join(copy.root, BASE_CONFIG))
    await mkdir(join(copy.root, 'node_modules/@restaurant'), { recursive: true })
    await symlink(join(copy.folder, 'contract'), join(copy.root, 'node_modules/@restaurant/contract'), 'dir')
    return copy
  }

  /** Where contract, waiter and kitchen are. */
  public get folder(): string {
    return join(this.root, 'contracts')
  }

  /** Makes a change, named by its file in examples/contracts/changes. */
  public async apply(change: string): Promise<void> {
    const file = join(EXAMPLE, 'changes', `${change}.patch`)
    // Git looks for no repository above: paths are those of this folder.
    const env = { ...process.env, GIT_CEILING_DIRECTORIES: this.root }
    const { code, output } = await run('git', ['apply', '--whitespace=nowarn', file], this.folder, env)
    if (code !== 0) throw new Error(`${change} does not fit: ${output}`)
  }

  /** What the compiler says of some folders, each in one line: `kitchen/src/…(11,3): error TS2339: …`. */
  public compilerErrors(...folders: readonly string[]): string[] {
    return projectErrors(this.folder, folders)
  }

  /** Builds as an app's own script does. Rejects with the compiler's words. */
  public async build(...folders: readonly string[]): Promise<void> {
    const { code, output } = await run(process.execPath, [TSPC, '-b', ...folders], this.folder)
    if (code !== 0) throw new Error(output)
  }

  /** `boost-streamers contracts check` of the contract as it is here, against the one in examples/contracts. */
  public async check(...options: readonly string[]): Promise<Ended> {
    const against = ['contract', '--against', join(EXAMPLE, 'contract'), '--services', 'waiter', 'kitchen']
    return this.cli.run(this.folder, 'contracts', 'check', ...against, ...options)
  }

  /** `boost-streamers topology` of the services as they are here. */
  public async topology(): Promise<Ended> {
    return this.cli.run(this.folder, 'topology', 'waiter', 'kitchen')
  }

  public async remove(): Promise<void> {
    await rm(this.root, { recursive: true, force: true })
  }
}

async function run(
  program: string,
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv = { ...process.env, NO_COLOR: '1' }
): Promise<Ended> {
  return new Promise((done, failed) => {
    execFile(program, args, { cwd, env }, (error, out, err) => {
      if (error && typeof error.code !== 'number') failed(new Error(error.message, { cause: error }))
      else done({ code: Number(error?.code ?? 0), output: out + err, out, err })
    })
  })
}
