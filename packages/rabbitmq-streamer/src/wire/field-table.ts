import { isStreamerError } from '@boostercloud/streamer-connector'
import type { StreamerError } from '@boostercloud/streamer-connector'
import { unreadable } from './cursor'
import type { Cursor } from './cursor'
import { SCALARS, TAG } from './field-values'

/** What one table may have; beyond it, it is not read. A frame of RabbitMQ's default size has 128 KiB. */
export const MOST = { levels: 100, values: 10_000, characters: 1_000_000 } as const

/** A name with its value as text. */
export type Field = readonly [name: string, value: string]

/** The headers of a message: what could be read of them, and why the rest could not, if so. */
export class FieldTable {
  public constructor(
    public readonly fields: readonly Field[],
    public readonly error?: StreamerError
  ) {}
}

/**
 * The field table (AMQP 0-9-1 §4.2.5.5) that begins at a cursor, which stands behind it then. Each value is exact: whole numbers and decimals by
 * their digits, times by RFC 3339, bytes that are not UTF-8 as `base64:…`, lists and tables as JSON.
 *
 * A value that is nested deeper, or a table that has more, than {@link MOST} allows is an error of the table, as one of an unknown type is; what
 * stands before and, where its end is known, behind it is read all the same. Throws only where the table itself is longer than what is there.
 */
export function readTable(cursor: Cursor): FieldTable {
  const fields: Field[] = []
  const [length, tableEnd] = [cursor.uint32(), cursor.end]
  cursor.end = cursor.pass(length) + length
  cursor.at = cursor.end - length
  const reading = new Reading(cursor)
  try {
    while (!cursor.isAtEnd) {
      const name = cursor.shortText()
      const value = reading.value()
      if (value !== undefined) fields.push([name, value])
    }
    return new FieldTable(fields, reading.error)
  } catch (thrown) {
    if (!isStreamerError(thrown)) throw thrown
    return new FieldTable(fields, thrown)
  } finally {
    cursor.at = cursor.end
    cursor.end = tableEnd
  }
}

/** A list or table that is being written as JSON. */
interface Level {
  readonly isTable: boolean
  /** Where it ends, and what is around it does. */
  readonly end: number
  readonly outerEnd: number
  isEmpty: boolean
}

/** One table being read: what it has had so far. */
class Reading {
  /** Why a value could not be read behind which it went on. */
  public error?: StreamerError
  private values = 0
  private characters = 0

  public constructor(private readonly cursor: Cursor) {}

  /** The next value as text; undefined where it cannot be read and what follows can. */
  public value(): string | undefined {
    const tag = this.cursor.octet()
    if (!isNesting(tag)) return this.count(scalarOf(tag).read(this.cursor))
    const { at, end } = this.cursor
    const length = this.cursor.uint32()
    const behind = this.cursor.pass(length) + length
    this.cursor.at = at
    try {
      return this.nested(tag)
    } catch (thrown) {
      if (!isStreamerError(thrown)) throw thrown
      this.error ??= thrown
      this.cursor.end = end
      this.cursor.at = behind
      return undefined
    }
  }

  /** A list or table as JSON. A loop: what is nested decides nothing about the stack. */
  private nested(outermost: number): string {
    const { cursor } = this
    const json: string[] = []
    const levels = [this.enter(outermost, json, 0)]
    for (let level = levels.at(-1); level !== undefined; level = levels.at(-1)) {
      if (cursor.isAtEnd) {
        json.push(level.isTable ? '}' : ']')
        cursor.end = level.outerEnd
        levels.pop()
        continue
      }
      if (!level.isEmpty) json.push(',')
      level.isEmpty = false
      if (level.isTable) json.push(this.count(JSON.stringify(cursor.shortText())), ':')
      const tag = cursor.octet()
      if (isNesting(tag)) levels.push(this.enter(tag, json, levels.length))
      else json.push(this.scalarInJson(tag))
    }
    return json.join('')
  }

  private enter(tag: number, json: string[], levels: number): Level {
    const { cursor } = this
    if (levels >= MOST.levels) throw unreadable(`a value is nested deeper than ${MOST.levels} levels`)
    const length = cursor.uint32()
    const [outerEnd, begin] = [cursor.end, cursor.pass(length)]
    cursor.at = begin
    cursor.end = begin + length
    const isTable = tag === TAG.table
    json.push(this.count(isTable ? '{' : '['))
    return { isTable, end: cursor.end, outerEnd, isEmpty: true }
  }

  private scalarInJson(tag: number): string {
    const scalar = scalarOf(tag)
    return this.count(scalar.inJson(scalar.read(this.cursor)))
  }

  private count(text: string): string {
    this.values += 1
    this.characters += text.length
    if (this.values > MOST.values) throw unreadable(`there are more than ${MOST.values} values`)
    if (this.characters > MOST.characters) throw unreadable(`they have more than ${MOST.characters} characters`)
    return text
  }
}

function isNesting(tag: number): boolean {
  return tag === TAG.table || tag === TAG.list
}

function scalarOf(tag: number): { read(cursor: Cursor): string; inJson(text: string): string } {
  const scalar = SCALARS.get(tag)
  if (scalar === undefined) throw unreadable(`a value has the type ${tag}, which is unknown`)
  return scalar
}
