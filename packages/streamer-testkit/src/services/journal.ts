import { appendFileSync, existsSync, readFileSync } from 'node:fs'

/** Something that happened to a probe. */
export interface Entry {
  /** `run`: a handler was given it. `effect`: what the handler registered was stored. */
  readonly what: 'run' | 'effect'
  readonly handler: string
  readonly entity: string
  readonly n: number
  /** Milliseconds since 1970. */
  readonly at: number
  /** Of an effect: what it is known by. */
  readonly id?: string
}

/** What handlers of one case did, over several services and, with a file, several processes. */
export class Journal {
  private readonly noted: Entry[] = []

  public constructor(private readonly file?: string) {}

  public note(entry: Omit<Entry, 'at'>): void {
    const complete = { ...entry, at: Date.now() }
    if (this.file === undefined) this.noted.push(complete)
    else appendFileSync(this.file, `${JSON.stringify(complete)}\n`)
  }

  /** Entries of a kind, in the order noted; of one handler if it is named. */
  public of(what: Entry['what'], handler?: string): readonly Entry[] {
    return this.all().filter((entry) => entry.what === what && (handler === undefined || entry.handler === handler))
  }

  /** The numbers of the probes of an entity, in the order noted. */
  public numbers(what: Entry['what'], entity: string, handler?: string): number[] {
    return this.of(what, handler)
      .filter((entry) => entry.entity === entity)
      .map(({ n }) => n)
  }

  private all(): readonly Entry[] {
    if (this.file === undefined) return this.noted
    if (!existsSync(this.file)) return []
    const lines = readFileSync(this.file, 'utf8').split('\n').slice(0, -1)
    return lines.map((line) => JSON.parse(line) as Entry)
  }
}
