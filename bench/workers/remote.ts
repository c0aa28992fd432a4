import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

interface Answer {
  readonly id: number
  readonly result?: unknown
  readonly error?: string
}

/** Milliseconds that a process has to end by itself. */
const GRACE_MS = 10_000

/** A process of the bench, whose methods are called as if they were here. */
export class Remote<Methods extends object> {
  private readonly waiting = new Map<number, { resolve: (result: never) => void; reject: (error: Error) => void }>()
  private calls = 0

  private constructor(
    private readonly child: ChildProcess,
    private readonly name: string
  ) {
    child.on('message', ({ id, result, error }: Answer) => {
      const caller = this.waiting.get(id)
      this.waiting.delete(id)
      if (error === undefined) caller?.resolve(result as never)
      else caller?.reject(new Error(`${this.name}: ${error}`))
    })
    child.once('exit', (code, signal) => {
      for (const { reject } of this.waiting.values()) reject(new Error(`${this.name} ended with ${code ?? signal}.`))
    })
  }

  /** Starts one of the programs, named from this folder. `flags`: what Node is told besides. */
  public static start<Methods extends object>(
    program: 'producer' | 'consumer' | 'reader' | 'path' | '../store/service' | '../sweep/service' | '../drain/service',
    flags: readonly string[] = [],
    { cwd, env }: { cwd?: string; env?: Readonly<Record<string, string>> } = {}
  ): Remote<Methods> {
    const tsconfig = join(__dirname, '..', 'tsconfig.json')
    const child = fork(join(__dirname, `${program}.ts`), {
      serialization: 'advanced',
      cwd,
      env: { ...process.env, TSX_TSCONFIG_PATH: tsconfig, BOOSTER_ENV: 'bench', ...env },
      execArgv: [...process.execArgv, ...flags],
    })
    return new Remote(child, `${program} ${child.pid}`)
  }

  /** Resolves or rejects as the method does there. */
  public call<Name extends keyof Methods & string>(
    method: Name,
    ...args: Methods[Name] extends (...args: infer Args) => unknown ? Args : never
  ): Promise<Methods[Name] extends (...args: never[]) => infer Result ? Awaited<Result> : never> {
    if (!this.child.connected) return Promise.reject(new Error(`${this.name} has ended.`))
    const id = this.calls++
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject })
      this.child.send({ id, method, args })
    })
  }

  /** Ends the process as a crash would. */
  public async kill(): Promise<void> {
    const exited = once(this.child, 'exit')
    this.child.kill('SIGKILL')
    await exited
  }

  /** Ends the process, by force where it does not end in time. */
  public async end(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return
    const exited = once(this.child, 'exit')
    const force = setTimeout(() => this.child.kill('SIGKILL'), GRACE_MS)
    if (this.child.connected) this.child.disconnect()
    await exited
    clearTimeout(force)
  }
}
