import { randomBytes } from 'node:crypto'
import type { Row } from './rows'
import type { RowKey } from './keys'

/** What is kept in a row itself; more stands in further rows. DynamoDB takes 400 KB in one. */
const LARGEST_PART = 300_000

/** One write, which holds only if the row is as it was read. */
export interface RowWrite extends RowKey {
  /** Undefined: the row goes. */
  readonly row?: Row
  /** How it was read; undefined: not there. */
  readonly was?: string
  /** Whether it is a further row of one that says how it was read. */
  readonly isPart: boolean
}

/** Rows as they were read, and as they are to be: changes are made here, and written together. */
export class WorkingCopy {
  private readonly read = new Map<string, Row | undefined>()
  private readonly own = new Map<string, Row | undefined>()

  /** Takes a row as it was read; `row` undefined: there is none. */
  public load(key: RowKey, row: Row | undefined): void {
    this.read.set(nameOf(key), row)
  }

  public get<R extends Row>(key: RowKey): R | undefined {
    const name = nameOf(key)
    if (!this.own.has(name) && !this.read.has(name)) throw new Error(`The row ${name} was not read.`)
    return (this.own.has(name) ? this.own.get(name) : this.read.get(name)) as R | undefined
  }

  public put<R extends Row>(row: R): void {
    this.own.set(nameOf(row), row)
  }

  public remove(key: RowKey): void {
    this.own.set(nameOf(key), undefined)
  }

  /** What is to be written, in the order in which rows were first changed. */
  public writes(): RowWrite[] {
    return [...this.own].flatMap(([name, row]) => {
      const [pk, sk] = JSON.parse(name) as [string, string]
      return writesOf({ pk, sk }, row, this.read.get(name))
    })
  }
}

function writesOf(key: RowKey, row: Row | undefined, before: Row | undefined): RowWrite[] {
  const surplus = (from: number): RowWrite[] =>
    partKeys(key, before?.parts ?? 0)
      .slice(from)
      .map((part) => ({ ...part, isPart: true }))
  if (!row) return before ? [{ ...key, was: before.v, isPart: false }, ...surplus(0)] : []
  const parts = partsOf(row)
  // Bytes that are not there were not read: they stay where they are.
  const kept = row.bytes === undefined ? (row.parts ?? 0) : parts.length
  const outside = parts.length > 0 ? { bytes: undefined, parts: parts.length } : {}
  const main = { ...row, ...outside, v: version() }
  return [
    { ...key, row: main, was: before?.v, isPart: false },
    ...parts.map((part) => ({ pk: part.pk, sk: part.sk, row: part, isPart: true })),
    ...surplus(kept),
  ]
}

/** The keys of the further rows of a row. */
export function partKeys({ pk, sk }: RowKey, parts: number): RowKey[] {
  return Array.from({ length: parts }, (_, index) => ({ pk, sk: `${sk}/${index}` }))
}

/** What tells one writing of a row from another. */
export function version(): string {
  return randomBytes(8).toString('base64url')
}

function partsOf(row: Row): Row[] {
  const { bytes, expiresAt } = row
  if (!bytes || bytes.length <= LARGEST_PART) return []
  return partKeys(row, Math.ceil(bytes.length / LARGEST_PART)).map((key, index) => ({
    ...key,
    bytes: bytes.subarray(index * LARGEST_PART, (index + 1) * LARGEST_PART),
    expiresAt,
  }))
}

function nameOf({ pk, sk }: RowKey): string {
  return JSON.stringify([pk, sk])
}
