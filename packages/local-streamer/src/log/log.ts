import { join } from 'node:path'
import { RetentionClock, openSqlite } from '@boostercloud/streamer-sqlite'
import type { Readings, Row, SqliteFile, Statements } from '@boostercloud/streamer-sqlite'
import type { WireMessage } from '@boostercloud/streamer-connector'
import type { LocalStreamerSettings } from '../options'
import { MESSAGE_COLUMNS, sizeOf, toValues } from '../wire'
import type { Position } from '../wire'
import { Trimmer } from './retention'
import { APPLICATION_ID, MIGRATIONS } from './schema'

/** A message as it stands in the log, with its place there. */
export interface LoggedMessage {
  readonly sequence: number
  readonly row: Row
}

/** What one read brings into memory at most, beyond its first message. */
const MOST_BYTES_READ = 16_000_000

const INSERT = `
  INSERT INTO events (topic, published_at, ${MESSAGE_COLUMNS.join(', ')})
  VALUES (?1, ?2, ${MESSAGE_COLUMNS.map((_, index) => `?${index + 3}`).join(', ')})`

const NEWEST = 'SELECT published_at FROM events ORDER BY sequence DESC LIMIT 1'

/** What is further ahead was dated by a clock that was wrong; milliseconds. */
const AHEAD_MS = 3_600_000
const DATE_BACK = 'UPDATE events SET published_at = ?1 WHERE published_at > ?2'

const SIZES = 'SELECT sequence, bytes FROM events WHERE topic = ?1 AND sequence > ?2 ORDER BY sequence LIMIT ?3'

const MESSAGES = `
  SELECT sequence, ${MESSAGE_COLUMNS.join(', ')} FROM events
  WHERE topic = ?1 AND sequence > ?2 AND sequence <= ?3 ORDER BY sequence`

/** The log: messages of all topics in one order, in one file that several processes share. */
export class Log {
  private readonly trimmer: Trimmer
  private readonly clock: RetentionClock
  /** Told from other logs by it; stored in the file when it was made. */
  public readonly id: string

  private constructor(
    /** Which others may write to in a transaction of their own. */
    public readonly file: SqliteFile,
    retention: LocalStreamerSettings['retention'],
    private readonly readings: Readings
  ) {
    const [newest] = file.read(NEWEST)
    this.clock = new RetentionClock(newest === undefined ? this.now : Number(newest.published_at), readings)
    this.trimmer = new Trimmer(retention, this.clock)
    this.id = String(this.only('SELECT id FROM log').id)
  }

  /** Opens the log in a folder, or makes a new one. Rejects with `STORAGE_…` errors. `readings`: other clocks, for tests. */
  public static async open(
    { path, writeTimeoutMs, synchronous, retention }: LocalStreamerSettings,
    readings: Readings = {}
  ): Promise<Log> {
    const file = await openSqlite({
      path: join(path, 'log.sqlite'),
      applicationId: APPLICATION_ID,
      migrations: MIGRATIONS,
      purpose: 'the local log',
      writeTimeoutMs,
      synchronous,
    })
    return new Log(file, retention, readings)
  }

  /** Appends all or nothing, in order. Durable when it resolves. */
  public async append(topic: string, messages: readonly WireMessage[]): Promise<void> {
    await this.file.write((statements) => {
      const time = this.timeFor(statements)
      for (const message of messages) statements.run(INSERT, topic, time, ...toValues(message))
      const bytes = messages.reduce((total, message) => total + sizeOf(message), 0)
      statements.run('UPDATE log SET bytes = bytes + ?1', bytes)
      this.trimmer.afterAppend(messages.length, statements)
    })
  }

  /** The messages of a topic that follow a place, at least one if there is one. Costs the same however long the log is. */
  public after(topic: string, sequence: number, limit: number): LoggedMessage[] {
    const sizes = this.file.read(SIZES, topic, sequence, limit)
    if (sizes.length === 0) return []
    return this.file.read(MESSAGES, topic, sequence, lastThatFits(sizes)).map((row) => ({
      sequence: Number(row.sequence),
      row,
    }))
  }

  /**
   * Where to read on from after a position. One of another log, or one beyond the end (the file was restored from an older copy), says
   * nothing about this one: then it is the beginning, since an event seen twice is better than one never seen.
   */
  public sequenceAfter(position: Position | undefined): number {
    if (position?.logId !== this.id || position.sequence > this.lastSequence()) return 0
    return position.sequence
  }

  /** How many messages of a topic follow a place. */
  public countAfter(topic: string, sequence: number): number {
    const [row] = this.file.read(
      'SELECT count(*) AS number FROM events WHERE topic = ?1 AND sequence > ?2',
      topic,
      sequence
    )
    return Number(row.number)
  }

  /** The first number whose event was published at that time or later, or the one that comes next. */
  public sequenceAt(time: Date): number {
    const [row] = this.file.read(
      'SELECT sequence FROM events WHERE published_at >= ?1 ORDER BY published_at, sequence LIMIT 1',
      time.getTime()
    )
    return row === undefined ? this.lastSequence() + 1 : Number(row.sequence)
  }

  /** The highest number given so far; 0 before the first. */
  public lastSequence(): number {
    return Number(this.only(`SELECT coalesce(max(seq), 0) AS last FROM sqlite_sequence WHERE name = 'events'`).last)
  }

  /** The number of the first event that is there, or that will come; and the one behind the highest number given so far. */
  public bounds(): { first: number; end: number } {
    const end = this.lastSequence() + 1
    return { first: Number(this.only(`SELECT coalesce(min(sequence), ${end}) AS first FROM events`).first), end }
  }

  /** The encoded bytes of all events. */
  public bytes(): number {
    return Number(this.only('SELECT bytes FROM log').bytes)
  }

  /** Whether the file is no longer at its path: somebody deleted the folder, or put another file there. */
  public isGone(): boolean {
    return this.file.isMoved
  }

  /** Resolves where something can be appended now; rejects with a `STORAGE_…` error where not, or where that has just been refused. */
  public async probe(): Promise<void> {
    await this.file.probe()
  }

  /** Waits for what is being appended. */
  public async close(): Promise<void> {
    await this.file.close()
  }

  private get now(): number {
    return (this.readings.now ?? Date.now)()
  }

  /** When something is appended now: never before what is there, unless that was dated by a clock that was ahead. */
  private timeFor({ all, run }: Statements): number {
    const { now } = this
    const [newest] = all(NEWEST)
    const newestAt = Number(newest?.published_at ?? 0)
    if (newestAt <= now + AHEAD_MS || !this.clock.isSettled) return Math.max(now, newestAt)
    run(DATE_BACK, now, now + AHEAD_MS)
    return now
  }

  private only(sql: string): Row {
    return this.file.read(sql)[0]
  }
}

function lastThatFits(sizes: readonly Row[]): number {
  let total = 0
  const beyond = sizes.findIndex(({ bytes }) => (total += Number(bytes)) > MOST_BYTES_READ)
  const count = beyond < 0 ? sizes.length : Math.max(1, beyond)
  return Number(sizes[count - 1].sequence)
}
