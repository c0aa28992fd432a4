import { Misfit } from '../misfit'
/** Messages nested deeper than this have no path. */
const MAX_PATH = 100
/** Bytes of a number that a path has use for. */
const LONGEST = 5

/**
 * The path to a message in its file, before every body in Confluent's wire format: a count and so many indexes, as zigzag varints; the first message of
 * the file is one byte, 0: https://docs.confluent.io/platform/current/schema-registry/fundamentals/serdes-develop/index.html#wire-format
 */
export function indexBytes(path: readonly number[]): Buffer {
  const isFirst = path.length === 1 && path[0] === 0
  return Buffer.from(isFirst ? [0] : [path.length, ...path].flatMap(varint))
}

/** A path, and the message's bytes behind it. Throws for bytes that begin with none. */
export function splitPath(data: Uint8Array): { readonly path: readonly number[]; readonly message: Uint8Array } {
  const cursor = { at: 0 }
  const count = readVarint(data, cursor)
  if (count > MAX_PATH) throw new Misfit('the path to its message is too long')
  const path = count === 0 ? [0] : Array.from({ length: count }, () => readVarint(data, cursor))
  return { path, message: data.subarray(cursor.at) }
}

function varint(value: number): number[] {
  const bytes: number[] = []
  let rest = value * 2
  for (; rest > 0x7f; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80)
  return [...bytes, rest]
}

function readVarint(data: Uint8Array, cursor: { at: number }): number {
  let zigzag = 0
  for (let length = 0; length < LONGEST; length += 1) {
    const byte = data[cursor.at]
    if (byte === undefined) break
    cursor.at += 1
    zigzag += (byte & 0x7f) * 128 ** length
    if (byte < 0x80) {
      if (zigzag % 2 === 1) break
      return zigzag / 2
    }
  }
  throw new Misfit('it does not begin with the path to its message')
}
