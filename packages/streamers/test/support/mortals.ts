import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { LocalStreamer } from '@boostercloud/local-streamer'
import { withMetadata } from '@boostercloud/streamer-connector'
import type { StreamerConnector } from '@boostercloud/streamer-connector'
import { eventually } from './eventually'

/** An event; `ends`: how it ends the process of the handler that is mortal. */
export interface MortalNote {
  readonly key?: string
  readonly n: number
  readonly ends?: 'exit' | 'rejection' | 'throws' | 'memory' | 'loop'
}

/** What a process wrote down. */
export interface Witnessed {
  readonly what: 'ready' | 'start' | 'end' | 'dead' | 'loops' | 'called'
  readonly pid: number
  readonly handler?: string
  readonly n?: number
  readonly message?: string
}

/** What the processes are told; see mortal.cjs. */
export interface MortalOrder {
  /** Handlers by address. */
  readonly links: Readonly<Record<string, readonly string[]>>
  readonly mortal: string
  readonly batchSize?: number
  readonly claimMs?: number
  /** A package's state, which replicas share; default: embedded. */
  readonly state?: { readonly from: string; readonly module: string; readonly name: string; readonly options: object }
  /** Whether the state forgets that runs began: what must be noticed. */
  readonly forgets?: boolean
  /** A process is one call of a function, which is handed these. */
  readonly pushed?: readonly MortalNote[]
}

/** Processes that receive, and that are started again when they have died. */
export class Mortals {
  private readonly witness: string
  private readonly children = new Set<ChildProcess>()
  private complaints = ''

  public constructor(
    private readonly folder: string,
    private readonly order: MortalOrder
  ) {
    this.witness = join(folder, 'witness')
    writeFileSync(this.witness, '')
  }

  public async publish(notes: readonly MortalNote[], topic = 'notes'): Promise<void> {
    const connector = LocalStreamer.with({ path: join(this.folder, 'log') })
    const events = notes.map((note) =>
      withMetadata({ ...note }, { id: `${note.key}-${note.n}`, key: note.key, source: 'test' })
    )
    await connector.publish(events as unknown as Parameters<StreamerConnector['publish']>[0], topic)
    await connector.close()
  }

  public get witnessed(): Witnessed[] {
    const whole = readFileSync(this.witness, 'utf8').split('\n').slice(0, -1)
    return whole.map((line) => JSON.parse(line) as Witnessed)
  }

  /** The numbers of the events that handlers began or ended with. */
  public numbers(what: 'start' | 'end', handler?: string): (number | undefined)[] {
    return this.witnessed
      .filter((line) => line.what === what && (handler === undefined || line.handler === handler))
      .map(({ n }) => n)
  }

  /** Starts a process. */
  public start(): ChildProcess {
    const order = JSON.stringify({ ...this.order, folder: this.folder, witness: this.witness })
    const child = spawn(process.execPath, [join(__dirname, 'mortal.cjs'), order], {
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    child.stderr.on('data', (chunk: Buffer) => (this.complaints = (this.complaints + chunk.toString()).slice(-4_000)))
    this.children.add(child)
    child.once('exit', () => this.children.delete(child))
    return child
  }

  /** Starts a process, waits until it has died, and so on, until `isEnough`, at most so often. Answers how often one died. */
  public async dieUntil(isEnough: () => boolean, most: number): Promise<number> {
    for (let deaths = 0; deaths <= most; deaths += 1) {
      const child = this.start()
      await eventually(
        () => {
          if (isLooping(this.witnessed, child.pid)) child.kill('SIGKILL')
          return isGone(child) || isEnough()
        },
        () => ({ witnessed: this.witnessed.slice(-20), complaints: this.complaints }),
        120_000
      )
      if (isEnough()) return deaths
    }
    throw new Error(`It goes on dying: ${JSON.stringify(this.witnessed.slice(-40))} ${this.complaints}`)
  }

  /** Has so many processes run beside each other, and starts another one for each that dies, until it is enough. Answers how often one died. */
  public async competeUntil(isEnough: () => boolean, replicas: number, most: number): Promise<number> {
    let deaths = -replicas
    await eventually(
      () => {
        for (; this.children.size < replicas; deaths += 1) {
          if (deaths > most) throw new Error(`It goes on dying: ${this.complaints}`)
          this.start()
        }
        return isEnough()
      },
      () => ({ witnessed: this.witnessed.slice(-20), complaints: this.complaints }),
      300_000
    )
    return deaths
  }

  /** Ends what runs, for good. */
  public async end(): Promise<void> {
    await Promise.all(
      [...this.children].map((child) => {
        const gone = new Promise((resolve) => child.once('exit', resolve))
        child.kill('SIGKILL')
        return gone
      })
    )
  }
}

function isLooping(lines: readonly Witnessed[], pid: number | undefined): boolean {
  return lines.some((line) => line.what === 'loops' && line.pid === pid)
}

function isGone({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null
}
