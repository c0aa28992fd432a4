import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { eventually } from './eventually'

/** What a process says of itself; see group-member.cjs. */
export interface Said {
  readonly started?: true
  readonly refused?: string
  readonly code?: string
  readonly warned?: string
  readonly handled?: number
  readonly healthy?: boolean
}

/** What a process is told; see group-member.cjs. */
export interface MemberOrder {
  readonly connector: { readonly from: string; readonly name: string; readonly options: object }
  /** The folder of its state. */
  readonly state: string
  /** For so long its handler runs. Default 0. */
  readonly ms?: number
  /** Events with these numbers fail the first time, and are parked for a second. */
  readonly failing?: readonly number[]
  /** Default `shop`. */
  readonly appName?: string
}

/** A service that handles main/notes, in a process of its own. */
export class GroupMember {
  public readonly said: Said[] = []
  private complaints = ''
  private readonly ended: Promise<void>
  private readonly child

  public constructor(order: MemberOrder) {
    this.child = spawn(process.execPath, [join(__dirname, 'group-member.cjs'), JSON.stringify(order)])
    let rest = ''
    this.child.stdout.on('data', (chunk: Buffer) => {
      const lines = (rest + chunk.toString()).split('\n')
      rest = lines.pop() ?? ''
      this.said.push(...lines.map((line) => JSON.parse(line) as Said))
    })
    this.child.stderr.on('data', (chunk: Buffer) => (this.complaints += chunk.toString()))
    this.ended = new Promise((resolve) => this.child.once('exit', () => resolve()))
  }

  /** The numbers of the events that its handler was run with, in order. */
  public get handled(): number[] {
    return this.said.flatMap(({ handled }) => handled ?? [])
  }

  public warned(part: string): boolean {
    return this.said.some(({ warned }) => warned?.includes(part))
  }

  /** Resolves when it has said something like that. */
  public async says(what: keyof Said): Promise<Said> {
    await this.until(() => this.said.some((line) => what in line))
    return this.said.find((line) => what in line) as Said
  }

  public async until(condition: () => boolean | Promise<boolean>): Promise<void> {
    await eventually(condition, () => ({ said: this.said, complaints: this.complaints }), 120_000)
  }

  /** Stands still, as a suspended machine does. */
  public suspend(): void {
    this.child.kill('SIGSTOP')
  }

  public goOn(): void {
    this.child.kill('SIGCONT')
  }

  /** Resolves when it says that it is healthy, or that it is not. */
  public async untilHealthIs(healthy: boolean): Promise<void> {
    await this.until(() => {
      this.child.kill('SIGUSR2')
      return this.said.filter((line) => line.healthy !== undefined).at(-1)?.healthy === healthy
    })
  }

  /** Resolves when the process is gone; undefined: by itself. */
  public async end(signal?: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    if (signal) this.child.kill(signal)
    await this.ended
  }
}
