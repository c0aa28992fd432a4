import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { StreamerError } from '@boostercloud/streamer-connector'
import type { Command, User } from '../broker-kind'

/** What a keeper is told. */
export interface KeeperOrder extends Command {
  /** Its folder, removed when it is ended in order. */
  readonly folder: string
  readonly log: string
  readonly user?: User
  readonly stopSignal: NodeJS.Signals
  /** Milliseconds it may take to end in order. */
  readonly graceMs: number
  /** Executed when it was ended in order. */
  readonly cleanUp?: Command
}

/** A server under its keeper. */
export class KeptProcess {
  private constructor(
    private readonly keeper: ChildProcess,
    /** The server's. */
    public readonly pid: number,
    private readonly gone: Promise<void>
  ) {}

  /** Resolves when the server's process runs, which says nothing of its answering. */
  public static async start(order: KeeperOrder): Promise<KeptProcess> {
    const extension = extname(__filename)
    const script = join(__dirname, `keeper${extension}`)
    // What this process loads TypeScript with costs a keeper more than all that it does, unless it is TypeScript itself.
    const options = extension === '.ts' ? process.execArgv : []
    // Of a group of its own, so that Ctrl-C comes to whoever started it and not to it.
    const keeper = spawn(process.execPath, [...options, script, JSON.stringify(order)], {
      detached: true,
      stdio: ['pipe', 'pipe', 'ignore'],
    })
    keeper.stdin.on('error', () => undefined)
    const gone = new Promise<void>((resolve) => keeper.once('exit', () => resolve()))
    const pid = await firstLine(keeper, order)
    return new KeptProcess(keeper, Number(pid), gone)
  }

  /** Ends it in order and removes its folder. Resolves when both are done. */
  public async end(): Promise<void> {
    this.keeper.stdin?.end()
    await this.gone
  }

  /** Resolves when the process is gone, by itself or killed. */
  public async exited(): Promise<void> {
    await this.gone
  }

  /** Whether it has ended by itself. */
  public get hasExited(): boolean {
    return this.keeper.exitCode !== null
  }
}

async function firstLine(keeper: ChildProcess, order: KeeperOrder): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    keeper.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString()
      if (text.includes('\n')) resolve(text)
    })
    keeper.once('error', reject)
    keeper.once('exit', () => void notStarted(order).then(reject))
  })
}

/** What to say of a server that does not run, with the end of its log. */
export async function notStarted({ file, log }: Pick<KeeperOrder, 'file' | 'log'>): Promise<StreamerError> {
  const said = await readFile(log, 'utf8').catch(() => '')
  return new StreamerError('STREAMER_UNAVAILABLE', `The server did not start. ${said.slice(-2_000).trim()}`, {
    at: file,
    hint: 'Read its output above.',
  })
}
