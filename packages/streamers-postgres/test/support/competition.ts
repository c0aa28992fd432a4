import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { LocalStreamer } from '@boostercloud/local-streamer'
import { withMetadata } from '@boostercloud/streamer-connector'
import type { StreamerConnector } from '@boostercloud/streamer-connector'
import { withClient } from './with-client'

/** An event. */
export interface Note {
  readonly key: string
  readonly n: number
}

/** One line of the witness: a handler's run began, ended, or failed. */
export interface Line extends Note {
  readonly what: 'start' | 'end' | 'fail'
  readonly run: string
  readonly by: string
  readonly pid: number
}

/** A line of the witness that the run itself writes: a process is gone. */
export interface Death {
  readonly what: 'died'
  readonly pid: number
}

/** What was stored for an event. */
export interface StoredEffect extends Note {
  readonly seq: number
  readonly run: string
  readonly stores: number
}

/** What a competitor's process is told. */
export interface CompetitorOrder {
  readonly url: string
  readonly schema: string
  readonly log: string
  readonly witness: string
  readonly faults: string
  readonly claimMs: number
  readonly failureRate: number
  /** At each failpoint. */
  readonly killRate: number
  /** At each failpoint. */
  readonly stopRate: number
  /** Whether one of them reads at a time, under a lease. */
  readonly leased: boolean
}

/** Two processes that compete for the events of one log, started again when they die, and woken when they stand still. */
export class Competition {
  private readonly running = new Set<ChildProcess>()
  private readonly waker: NodeJS.Timeout
  private over = false
  private complaints = ''

  private constructor(private readonly order: CompetitorOrder) {
    this.waker = setInterval(() => this.running.forEach((child) => child.kill('SIGCONT')), order.claimMs * 2)
  }

  public static async start(order: CompetitorOrder, competitors: number): Promise<Competition> {
    writeFileSync(order.witness, '')
    writeFileSync(order.faults, '')
    await withClient(order.url, (client) =>
      client.query(
        `CREATE TABLE ${order.schema}_effects (
           seq BIGINT GENERATED ALWAYS AS IDENTITY, id TEXT PRIMARY KEY, key TEXT, n INTEGER, run TEXT, stores INTEGER DEFAULT 1)`
      )
    )
    const competition = new Competition(order)
    await Promise.all(Array.from({ length: competitors }, () => competition.run()))
    return competition
  }

  public async publish(notes: readonly Note[]): Promise<void> {
    const connector = LocalStreamer.with({ path: this.order.log })
    const events = notes.map((note) =>
      withMetadata({ ...note }, { id: `${note.key}-${note.n}`, key: note.key, source: 'test' })
    )
    await connector.publish(events as unknown as Parameters<StreamerConnector['publish']>[0], 'notes')
    await connector.close()
  }

  /** In the order they were stored. */
  public async stored(): Promise<StoredEffect[]> {
    const { url, schema } = this.order
    const { rows } = await withClient(url, (client) => client.query(`SELECT * FROM ${schema}_effects ORDER BY seq`))
    return rows as StoredEffect[]
  }

  /** What handlers did, and which processes died, in the order in which it happened. */
  public get witnessed(): (Line | Death)[] {
    return linesOf(this.order.witness) as (Line | Death)[]
  }

  public get faults(): { readonly signal: string; readonly at: string }[] {
    return linesOf(this.order.faults) as { signal: string; at: string }[]
  }

  /** What is unfinished, for messages. */
  public async left(): Promise<unknown> {
    const { url, schema } = this.order
    return withClient(url, async (client) => {
      const rows = async (sql: string): Promise<unknown[]> => (await client.query(sql)).rows as unknown[]
      return {
        now: Date.now(),
        inbox: await rows(`SELECT id, state, owner, claimed_until FROM ${schema}.inbox WHERE state <> 'finished'`),
        parked: await rows(`SELECT place, id, state, attempts, due_at FROM ${schema}.parked ORDER BY place`),
        positions: await rows(`SELECT position FROM ${schema}.positions`),
      }
    })
  }

  /** What the processes complained of. */
  public get errors(): string {
    return this.complaints
  }

  public async stop(): Promise<void> {
    this.over = true
    clearInterval(this.waker)
    await Promise.all(
      [...this.running].map((child) => {
        const gone = new Promise((resolve) => child.once('exit', resolve))
        child.kill('SIGKILL')
        return gone
      })
    )
  }

  /** Resolves when it receives, or has died before. */
  private run(): Promise<void> {
    const args = ['--require', 'tsx/cjs', join(__dirname, 'competitor.ts'), JSON.stringify(this.order)]
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    child.stderr.on('data', (chunk: Buffer) => (this.complaints += chunk.toString()))
    this.running.add(child)
    child.once('exit', () => {
      this.running.delete(child)
      appendFileSync(this.order.witness, `${JSON.stringify({ what: 'died', pid: child.pid ?? 0 } satisfies Death)}\n`)
      if (!this.over) void this.run()
    })
    return new Promise((resolve) => {
      child.stdout.once('data', () => resolve())
      child.once('exit', () => resolve())
    })
  }
}

/** A last line that is not whole is one that is being written. */
function linesOf(file: string): unknown[] {
  const whole = readFileSync(file, 'utf8').split('\n').slice(0, -1)
  return whole.map((line) => JSON.parse(line) as unknown)
}
