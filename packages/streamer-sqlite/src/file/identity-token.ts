import { randomBytes } from 'node:crypto'
import type { Database, Row, SqlValue } from '../engine'
import type { RawFile } from './raw-file'

/** A table with one text: 32 random letters that tell this file from any other, and a number that grows, so that an older copy is known. */
const TABLE = 'file_identity'
const EPOCH_DIGITS = 12

/** Raises the number: to be run whenever something is written to prove that it can be. */
export const RAISE_EPOCH = `
  UPDATE ${TABLE} SET token = substr(token, 1, 33) || printf('%0${EPOCH_DIGITS}d', CAST(substr(token, 34) AS INTEGER) + 1)`

/** Gives a file its identity, unless it has one, and raises its number; in the transaction of an opening. */
export function identify(database: Database): void {
  database.exec(`CREATE TABLE IF NOT EXISTS ${TABLE} (token TEXT NOT NULL)`)
  const fresh = `${randomBytes(16).toString('hex')}.${'0'.repeat(EPOCH_DIGITS)}`
  database.exec(`INSERT INTO ${TABLE} SELECT '${fresh}' WHERE NOT EXISTS (SELECT 1 FROM ${TABLE})`)
  database.exec(RAISE_EPOCH)
}

/** The identity of a file as SQLite has it, against which the bytes on the disk are held. */
export class IdentityToken {
  private readonly id: string
  private readonly pageSize: number
  private page: number
  /** The highest number seen on the disk; undefined until the identity has been copied there from the write-ahead log. */
  private epoch?: number

  public constructor(private readonly database: Database) {
    this.id = String(this.only(`SELECT substr(token, 1, 32) AS id FROM ${TABLE}`).id)
    this.pageSize = Number(this.only('PRAGMA page_size').page_size)
    this.page = this.currentPage()
  }

  /** Whether the disk still has this file's own bytes, and no older ones than it has had. */
  public isOn(file: RawFile): boolean {
    const epoch = this.epochOn(file) ?? this.epochAfterMove(file)
    if (epoch === undefined) return this.epoch === undefined
    if (epoch < (this.epoch ?? 0)) return false
    this.epoch = epoch
    return true
  }

  private epochOn(file: RawFile): number | undefined {
    const text = file.read((this.page - 1) * this.pageSize, this.pageSize).toString('latin1')
    const at = text.indexOf(`${this.id}.`)
    return at < 0 ? undefined : Number(text.slice(at + this.id.length + 1, at + this.id.length + 1 + EPOCH_DIGITS))
  }

  /** A VACUUM may put the table on another page. */
  private epochAfterMove(file: RawFile): number | undefined {
    const page = this.currentPage()
    if (page === this.page) return undefined
    this.page = page
    return this.epochOn(file)
  }

  private currentPage(): number {
    return Number(this.only(`SELECT rootpage FROM sqlite_schema WHERE name = '${TABLE}'`).rootpage)
  }

  private only(sql: string): Readonly<Record<string, SqlValue>> {
    const [row]: Row[] = this.database.prepare(sql).all()
    return row
  }
}
