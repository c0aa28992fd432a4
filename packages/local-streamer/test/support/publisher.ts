import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Order } from './publisher-process'

/** A process that publishes into a log. */
export class Publisher {
  /** The numbers that it has told to be durable, in order. */
  public readonly durable: number[] = []
  private readonly child: ChildProcess
  private readonly gone: Promise<unknown>
  private readonly ready: Promise<unknown>
  private readonly waiting = new Set<() => void>()

  public constructor(path: string) {
    this.child = fork(join(__dirname, 'publisher-process.ts'), [path], { execArgv: ['--require', 'tsx/cjs'] })
    this.gone = once(this.child, 'close').then(() => this.wake())
    this.ready = once(this.child, 'message')
    this.child.on('message', (told) => {
      if (typeof told === 'number') this.durable.push(told)
      this.wake()
    })
  }

  /** Resolves when the process is up and has its order. */
  public async publish(order: Order): Promise<void> {
    await this.ready
    this.child.send(order)
  }

  /** Resolves when so many events are durable. */
  public async published(count: number): Promise<void> {
    while (this.durable.length < count) {
      if (this.child.exitCode !== null)
        throw new Error('The publisher ended before it had published what was expected.')
      await new Promise<void>((resolve) => this.waiting.add(resolve))
    }
  }

  /** As by `kill -9`. */
  public async kill(): Promise<void> {
    this.child.kill('SIGKILL')
    await this.gone
  }

  private wake(): void {
    for (const resolve of this.waiting) resolve()
    this.waiting.clear()
  }
}
