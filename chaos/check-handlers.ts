import type { WitnessLine } from './history'

/** What the runs of handlers show. */
export interface HandlerRuns {
  readonly overlapping: readonly string[]
  readonly ranAgain: readonly string[]
  readonly redelivered: number
  readonly retried: number
}

/** How far an event is at a stage. */
interface Progress {
  readonly state: 'running' | 'cut off' | 'failed' | 'ended'
  readonly pid: number
  readonly at?: number
}

/** Milliseconds that a process may take to write what came of a handler, and to notice that it could not. */
const WRITING_MS = 5_000

/** Follows each handler run from its start to its end, its failure, or the death of its process. */
export function overlapsOf(witness: readonly WitnessLine[]): HandlerRuns {
  const runs = new Runs(witness.flatMap((line) => (line.what === 'database' ? [line] : [])))
  for (const line of witness) {
    if (line.what === 'start') runs.start(line)
    else if (line.what === 'end') runs.finish(line, 'ended')
    else if (line.what === 'fail') runs.finish(line, 'failed')
    else if (line.what === 'died') runs.die(line.pid)
    else if (line.what === 'stopped') runs.halt(line.pid)
  }
  return runs
}

type RunLine = Extract<WitnessLine, { what: 'start' | 'end' | 'fail' }>

class Runs implements HandlerRuns {
  public readonly overlapping: string[] = []
  public readonly ranAgain: string[] = []
  public redelivered = 0
  public retried = 0
  private readonly progress = new Map<string, Progress>()
  /** By stage and key: the event that is being handled. */
  private readonly running = new Map<string, RunLine>()
  /** What was running when its process was stopped. */
  private readonly halted = new Set<RunLine>()

  public constructor(private readonly databaseFaults: readonly { readonly from: number; readonly to: number }[]) {}

  public start(line: RunLine): void {
    const { stage, key, origin, pid } = line
    const lane = `${stage} ${key}`
    const other = this.running.get(lane)
    if (other && !this.isTakenOver(other, pid))
      this.overlapping.push(`${origin}: began in ${stage} while ${other.origin} of ${key} was running`)
    const before = this.progress.get(`${stage} ${origin}`)
    if (before?.state === 'failed') this.retried += 1
    else if (before?.state === 'ended' && before.pid === pid && !this.mayBeUnwritten(before))
      this.ranAgain.push(`${origin}: run again by ${stage}`)
    else if (before) this.redelivered += 1
    this.running.set(lane, line)
    this.progress.set(`${stage} ${origin}`, { state: 'running', pid })
  }

  public finish({ stage, key, origin, pid, at }: RunLine, state: Progress['state']): void {
    const lane = `${stage} ${key}`
    if (this.running.get(lane)?.origin === origin) this.running.delete(lane)
    this.progress.set(`${stage} ${origin}`, { state, pid, at })
  }

  /** While a process is stopped, another one may take over what it was running. */
  public halt(pid: number): void {
    for (const line of this.running.values()) if (line.pid === pid) this.halted.add(line)
  }

  /** What it was running is cut off, and overlaps with nothing that follows. */
  public die(pid: number): void {
    for (const [lane, line] of this.running) if (line.pid === pid) this.running.delete(lane)
    for (const [name, { state, pid: of }] of this.progress) {
      if (of === pid && state === 'running') this.progress.set(name, { state: 'cut off', pid })
    }
  }

  /** Whether what came of it met a fault of the database: then the handler is to run again. */
  private mayBeUnwritten({ at }: Progress): boolean {
    return (
      at !== undefined && this.databaseFaults.some(({ from, to }) => at > from - WRITING_MS && at < to + WRITING_MS)
    )
  }

  private isTakenOver(running: RunLine, by: number): boolean {
    return running.pid !== by && this.halted.has(running)
  }
}
