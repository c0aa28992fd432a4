import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { ReplayedTo } from '@boostercloud/streamers-lake'

/** Milliseconds between two notes. What is published in between is published twice if the command is interrupted, with the same ids. */
const NOTE_EVERY_MS = 200

/** How far a replay is, kept in the current folder until it is over. */
export class ReplayFile {
  private readonly path: string
  private notedAt = -Infinity

  /** `what`: what tells this replay from others. */
  public constructor(what: unknown) {
    const name = createHash('sha256').update(JSON.stringify(what)).digest('hex').slice(0, 16)
    this.path = join(process.cwd(), '.booster', 'lake-replays', `${name}.json`)
  }

  /** Undefined where none was interrupted, or what is left of it cannot be read. */
  public read(): ReplayedTo | undefined {
    try {
      return JSON.parse(readFileSync(this.path, 'utf8')) as ReplayedTo
    } catch {
      return undefined
    }
  }

  /** Without a promise: the process may end right after. */
  public note(to: ReplayedTo): void {
    if (performance.now() - this.notedAt < NOTE_EVERY_MS) return
    this.notedAt = performance.now()
    mkdirSync(dirname(this.path), { recursive: true, mode: 0o700 })
    writeFileSync(`${this.path}.part`, JSON.stringify(to), { mode: 0o600 })
    renameSync(`${this.path}.part`, this.path)
  }

  public remove(): void {
    rmSync(this.path, { force: true })
  }
}
