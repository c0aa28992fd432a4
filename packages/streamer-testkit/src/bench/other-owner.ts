import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { extname, join } from 'node:path'
import type { Bench } from './bench'
import type { OtherProcess } from '../harness/connector-under-test'
import type { OwnerOrder, OwnerWord } from './read-as-owner'
import { until } from './within'

/** Another process that owns a group for a state, and reads, until the case is over. */
export class OtherOwner {
  private readonly words: OwnerWord[] = []
  private complaints = ''
  private readonly child: ChildProcess

  public constructor(
    private readonly bench: Bench,
    topic: string,
    { stateId, leaseMs }: { readonly stateId: string; readonly leaseMs: number }
  ) {
    const order: OwnerOrder = {
      topic,
      owner: { stateId, member: randomUUID(), leaseMs },
      module: bench.harness.inOtherProcess as OtherProcess,
      overrides: bench.overrides(),
      context: bench.context(),
    }
    const script = join(__dirname, `read-as-owner${extname(__filename)}`)
    this.child = fork(script, [JSON.stringify(order)], { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] })
    this.child.on('message', (word) => this.words.push(word as OwnerWord))
    this.child.stderr?.on('data', (chunk: Buffer) => (this.complaints += chunk.toString()))
    bench.atEnd(() => void this.child.kill('SIGKILL'))
  }

  /** How often it has said so. */
  public count(word: OwnerWord): number {
    return this.words.filter((said) => said === word).length
  }

  /** Resolves when it has said so, more often than so many times; `meanwhile` is done again and again. */
  public async says(
    word: OwnerWord,
    than = 0,
    meanwhile: () => Promise<unknown> = async () => undefined
  ): Promise<void> {
    const hasSaid = async (): Promise<boolean> => {
      if (this.count(word) <= than) await meanwhile()
      return this.count(word) > than
    }
    await until(this.bench.limitMs, hasSaid, () => `the other process to say '${word}'. ${this.complaints}`)
  }

  /** Stops it as a debugger does, or a machine that is suspended: its connections stay. */
  public async stop(): Promise<void> {
    this.child.send('stop')
    await this.says('stops')
  }

  public goOn(): void {
    this.child.kill('SIGCONT')
  }
}
