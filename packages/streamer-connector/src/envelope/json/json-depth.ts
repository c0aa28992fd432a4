/** Levels of objects and arrays in one body. What comes after the parser (cloning, storing) is recursive, and its stack is not endless. */
const MAX_LEVELS = 500

const [QUOTE, BACKSLASH] = [0x22, 0x5c]
const [OPEN_LIST, OPEN_OBJECT] = [0x5b, 0x7b]
const [CLOSE_LIST, CLOSE_OBJECT] = [0x5d, 0x7d]

/** Whether JSON bytes are nested deeper than 500 levels. Reads every byte only of bodies that have so many objects and lists at all. */
export function isTooDeep(body: Uint8Array): boolean {
  if (body.length <= MAX_LEVELS) return false
  const lists = count(body, OPEN_LIST)
  return lists + count(body, OPEN_OBJECT) > MAX_LEVELS && levelsOf(body) > MAX_LEVELS
}

/** How often a byte is there, as far as it matters. */
function count(body: Uint8Array, byte: number): number {
  let found = 0
  for (let at = body.indexOf(byte); at >= 0 && found <= MAX_LEVELS; at = body.indexOf(byte, at + 1)) found += 1
  return found
}

function levelsOf(body: Uint8Array): number {
  let [levels, deepest] = [0, 0]
  for (let at = 0; at < body.length; at += 1) {
    const byte = body[at]
    if (byte === QUOTE) at = endOfString(body, at)
    else if (byte === OPEN_LIST || byte === OPEN_OBJECT) levels += 1
    else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) levels -= 1
    if (levels > deepest) deepest = levels
  }
  return deepest
}

/** The place of the quote that ends the string that begins at a quote, or the end of the body. */
function endOfString(body: Uint8Array, begin: number): number {
  let at = begin + 1
  while (at < body.length && body[at] !== QUOTE) at += body[at] === BACKSLASH ? 2 : 1
  return at
}
