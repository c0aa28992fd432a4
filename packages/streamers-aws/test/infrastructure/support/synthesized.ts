import { execFile } from 'node:child_process'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Resource } from '../../../src/infrastructure/template'
import { ROOT, boosterOnAws } from './booster-on-aws'

const execute = promisify(execFile)
const CLI = join(ROOT, 'packages', 'streamers-cli', 'bin', 'boost-streamers.js')
const EXAMPLE = join(ROOT, 'examples', 'aws')

/** A template, and where it stands. */
export interface Synthesized {
  readonly path: string
  readonly text: string
  readonly resources: Readonly<Record<string, Resource>>
}

/** A copy of the example, as it is built, outside of the repository. */
export class ExampleApp {
  private constructor(public readonly folder: string) {}

  public static async copied(): Promise<ExampleApp> {
    const folder = await mkdtemp(join(tmpdir(), 'streamers-aws-'))
    for (const part of ['package.json', 'dist']) await cp(join(EXAMPLE, part), join(folder, part), { recursive: true })
    return new ExampleApp(folder)
  }

  /** Takes a part of the built code away. */
  public async without(...files: readonly string[]): Promise<void> {
    for (const file of files) await rm(join(this.folder, 'dist', file))
  }

  /** Replaces a text of the built code. */
  public async with(file: string, from: string, to: string): Promise<void> {
    const path = join(this.folder, 'dist', file)
    const text = await readFile(path, 'utf8')
    if (!text.includes(from)) throw new Error(`${file} does not have ${from}`)
    await writeFile(path, text.replace(from, to))
  }

  /** What `boost-streamers synth` writes for it. Rejects with what the command says. */
  public async synth(environment: string): Promise<Synthesized> {
    const args = [CLI, 'synth', '--no-build', '--environment', environment, '--out', `template-${environment}`]
    await execute(process.execPath, args, { cwd: this.folder, env: await boosterOnAws() }).catch(
      (error: { stderr?: string }) => {
        throw new Error(error.stderr)
      }
    )
    const path = join(this.folder, `template-${environment}`, 'newsletter-app.template.json')
    const text = await readFile(path, 'utf8')
    return { path, text, resources: (JSON.parse(text) as Template).Resources }
  }

  public async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true })
  }
}

interface Template {
  readonly Resources: Synthesized['resources']
}
