import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { eventually } from '../../packages/streamers/test/support/eventually'
import { ROOT } from './source-tree'

/** What a page has its reader do, in its order. */
export type Step =
  | { readonly kind: 'file'; readonly path: string; readonly text: string }
  | { readonly kind: 'patch'; readonly file: string }
  | { readonly kind: 'run'; readonly script: string; readonly how: How }
  | { readonly kind: 'prints'; readonly lines: readonly string[] }
  | { readonly kind: 'Ctrl-C' }

/** How a command is run. */
type How = 'once' | 'runs on' | 'until it prints that' | 'fails'

const HOWS: readonly How[] = ['runs on', 'until it prints that', 'fails']
const MARK_OR_BLOCK = /<!-- (file|walk|code): ([^>]+?) -->|```(\w*)\n([\s\S]*?)```/g
/** Long enough for npm and a compiler on a busy machine. */
const LIMIT_MS = 240_000

/**
 * Reads a page: a block under `<!-- file: PATH -->` is a file's whole text, one of `sh` a command, one of `text` what the command before it prints, where `…` stands for anything.
 * In a block of `console`, each line after `$ ` is a command, and the lines below it are what it prints. A block of `diff` under `<!-- code: FILE.patch -->` is a patch of the repository,
 * which is applied as a whole; other quotes of code are no steps, since they are compiled where they are.
 * `<!-- walk: runs on -->` is above a command that does not end, `<!-- walk: until it prints that -->` above one whose answer takes a moment, `<!-- walk: fails -->` above one that ends with
 * 1, `<!-- walk: Ctrl-C -->` where the reader presses it, and `<!-- walk: elsewhere -->` above a block that needs something that a walk does not have.
 */
export function stepsOf(page: string): Step[] {
  const steps: Step[] = []
  let mark: Mark | undefined
  for (const [, name, value, language, text] of page.matchAll(MARK_OR_BLOCK)) {
    if (name === 'walk' && value === 'Ctrl-C') steps.push({ kind: 'Ctrl-C' })
    else if (name !== undefined) mark = { name, value }
    else {
      steps.push(...stepsIn(mark, language, text))
      mark = undefined
    }
  }
  return steps
}

interface Mark {
  readonly name: string
  readonly value: string
}

function stepsIn(mark: Mark | undefined, language: string, text: string): Step[] {
  if (mark?.name === 'file') return [{ kind: 'file', path: mark.value, text }]
  if (mark?.name === 'code') return language === 'diff' ? [{ kind: 'patch', file: mark.value }] : []
  if (mark?.value === 'elsewhere') return []
  return stepsBy(language, text, HOWS.find((how) => how === mark?.value) ?? 'once')
}

function stepsBy(language: string, text: string, how: How): Step[] {
  if (language === 'sh') return [{ kind: 'run', script: text, how }]
  if (language === 'console') return sessionOf(text, how)
  return language === 'text' ? [{ kind: 'prints', lines: text.trimEnd().split('\n') }] : []
}

/** What somebody types after `$ `, and what is printed below. */
function sessionOf(text: string, how: How): Step[] {
  return text
    .split(/^\$ /m)
    .slice(1)
    .flatMap((part): Step[] => {
      const [script, ...lines] = part.trimEnd().split('\n')
      const run = { kind: 'run', script, how } as const
      return lines.length > 0 ? [run, { kind: 'prints', lines }] : [run]
    })
}

/** How a page is walked. */
export interface WalkOptions {
  readonly folder: string
  readonly env: Readonly<Record<string, string>>
  /** What this machine has other than the page says: a text, and what stands in its place. */
  readonly replace: Readonly<Record<string, string>>
}

/** A reader who does what a page says, word by word, in a folder of their own. */
export class PageWalk {
  private folder: string
  private printed = ''
  private again?: () => Promise<void>
  private running?: { readonly child: ChildProcess; readonly ended: Promise<unknown> }

  public constructor(private readonly options: WalkOptions) {
    this.folder = options.folder
  }

  /** Rejects at the first step that does not go as the page says. */
  public async take(steps: readonly Step[]): Promise<void> {
    for (const step of steps) {
      if (step.kind === 'file') await this.write(step.path, step.text)
      else if (step.kind === 'prints') await this.expect(step.lines)
      else if (step.kind === 'patch') await this.patch(step.file)
      else if (step.kind === 'Ctrl-C') await this.interrupt('SIGINT')
      else await this.run(this.here(step.script), step.how)
    }
  }

  /** Ends what still runs. */
  public async stop(): Promise<void> {
    await this.interrupt('SIGTERM')
  }

  private here(text: string): string {
    return Object.entries(this.options.replace).reduce((now, [one, other]) => now.replaceAll(one, other), text)
  }

  /** A file has its own words; only ports that the page takes to be free are others. */
  private withPorts(text: string): string {
    const ports = Object.entries(this.options.replace).filter(([one]) => /^\d+$/.test(one))
    return ports.reduce((now, [one, other]) => now.replaceAll(one, other), text)
  }

  private async write(path: string, text: string): Promise<void> {
    const file = join(this.folder, path)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, this.withPorts(text))
  }

  /** A patch that was applied already stays so: a page may quote it twice. */
  private async patch(file: string): Promise<void> {
    const path = `'${join(ROOT, file)}'`
    await this.runToEnd(`git apply --reverse --check ${path} 2>/dev/null || git apply --whitespace=nowarn ${path}`)
  }

  private async run(script: string, how: How): Promise<void> {
    this.again = undefined
    if (how === 'runs on') {
      this.startBeside(script)
      return
    }
    const once = async (): Promise<void> => {
      this.printed = await this.runToEnd(script, how === 'fails' ? 1 : 0)
    }
    if (how === 'until it prints that') this.again = once
    await once()
  }

  private async runToEnd(script: string, expected = 0): Promise<string> {
    const where = join(this.options.folder, '.where')
    const child = this.bash(`set -e\n${script}\npwd > '${where}'`)
    let said = ''
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (said += String(chunk)))
    const code = await new Promise((resolve) => child.once('close', resolve))
    if (code !== expected) throw new Error(`${script} ended with ${String(code)}:\n${said}`)
    if (expected === 0) this.folder = (await readFile(where, 'utf8')).trimEnd()
    return said
  }

  private startBeside(script: string): void {
    const child = this.bash(script)
    this.printed = ''
    const keep = (chunk: Buffer): void => void (this.printed += String(chunk))
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', keep)
    this.running = { child, ended: new Promise((resolve) => child.once('close', resolve)) }
  }

  private bash(script: string): ChildProcess {
    const env = { ...process.env, ...this.options.env, FORCE_COLOR: undefined, BOOSTER_ENV: undefined, NO_COLOR: '1' }
    return spawn('bash', ['-c', script], { cwd: this.folder, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  }

  private async expect(lines: readonly string[]): Promise<void> {
    const patterns = lines.map((line) => new RegExp(this.here(line).split('…').map(escaped).join('.*')))
    const missing = (): RegExp | undefined => patterns.find((pattern) => !pattern.test(this.printed))
    await eventually(
      async () => {
        if (!missing()) return true
        await this.again?.()
        return false
      },
      () => ({ missing: String(missing()), printed: this.printed }),
      this.running ? LIMIT_MS : 0
    )
  }

  /** As the terminal does it: to everything that the command has started. */
  private async interrupt(signal: NodeJS.Signals): Promise<void> {
    const { running } = this
    this.running = undefined
    if (!running || running.child.pid === undefined || running.child.exitCode !== null) return
    process.kill(-running.child.pid, signal)
    await running.ended
  }
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
