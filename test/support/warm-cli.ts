import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

/** How a command ended, and what it said. */
export interface Ended {
  readonly code: number
  /** On both streams, in order. */
  readonly output: string
  readonly out: string
  readonly err: string
}

/** `boost-streamers` in one process that runs one command after another: what it has to read of packages, it reads once. It ends with this process. */
export class WarmCli {
  private running?: { readonly child: ChildProcess; readonly exit: Promise<unknown> }

  /** Runs a command in a folder. Rejects where the process ends. */
  public async run(cwd: string, ...args: readonly string[]): Promise<Ended> {
    this.running ??= started()
    const { child, exit } = this.running
    child.ref()
    child.channel?.ref()
    const answered = once(child, 'message') as Promise<[Ended]>
    child.send({ args, cwd })
    const answer = await Promise.race([answered, exit.then(() => undefined)])
    child.unref()
    child.channel?.unref()
    if (answer === undefined) throw new Error(`The command line has ended in ${args.join(' ')}.`)
    return answer[0]
  }

  /** Ends the process. */
  public async end(): Promise<void> {
    this.running?.child.kill('SIGKILL')
    await this.running?.exit
  }
}

function started(): { readonly child: ChildProcess; readonly exit: Promise<unknown> } {
  // Not with what this process loads TypeScript with.
  const child = fork(join(__dirname, 'warm-cli.cjs'), { execArgv: [], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  return { child, exit: once(child, 'exit') }
}
