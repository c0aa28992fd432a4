import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'

export const ROOT = resolve(__dirname, '../..')

/** One import that broke one rule. */
export interface Violation {
  readonly rule: { readonly name: string }
  readonly from: string
  readonly to: string
}

/** A small repository of its own in a temporary folder, on which the import rules can be tried. */
export class SourceTree {
  private constructor(private readonly folder: string) {}

  /** Writes files by their paths, and links each package under its npm name as npm does. */
  public static async write(files: Readonly<Record<string, string>>, packages: readonly string[]): Promise<SourceTree> {
    const tree = new SourceTree(await mkdtemp(join(tmpdir(), 'source-tree-')))
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(tree.folder, path)), { recursive: true })
      await writeFile(join(tree.folder, path), text)
    }
    const scope = join(tree.folder, 'node_modules/@boostercloud')
    await mkdir(scope, { recursive: true })
    for (const name of packages) await symlink(join(tree.folder, 'packages', name), join(scope, name), 'junction')
    return tree
  }

  /** What the repository's own rules say of it. */
  public async violations(): Promise<Violation[]> {
    const tool = join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs')
    const config = join(ROOT, '.dependency-cruiser.cjs')
    const output = await new Promise<string>((resolve, reject) => {
      const args = [
        tool,
        '--config',
        config,
        '--output-type',
        'json',
        'packages',
        'examples',
        'chaos',
        'bench',
        'scripts',
        'test',
      ]
      execFile(process.execPath, args, { cwd: this.folder, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) =>
        error && stdout === '' ? reject(new Error(stderr, { cause: error })) : resolve(stdout)
      )
    })
    return (JSON.parse(output) as { summary: { violations: Violation[] } }).summary.violations
  }

  public async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true })
  }
}
