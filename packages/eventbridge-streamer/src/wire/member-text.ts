const [QUOTE, BACKSLASH, COMMA, COLON] = ['"', '\\', ',', ':']
/** How many levels further in a character leads. */
const STEPS: Readonly<Record<string, number>> = { '{': 1, '[': 1, '}': -1, ']': -1 }

/**
 * The text of a member of a JSON object as it stands there, so that nothing of it is lost: numbers with all their digits, and its blanks. The last
 * one where it is there twice, as `JSON.parse` has it. Undefined where there is none. Only for text that `JSON.parse` takes as an object.
 */
export function memberText(json: string, name: string): string | undefined {
  let found: string | undefined
  let at = json.indexOf('{') + 1
  while (at > 0 && at < json.length) {
    const key = json.indexOf(QUOTE, at)
    if (key < 0) break
    const keyEnd = endOfString(json, key)
    const value = json.indexOf(COLON, keyEnd) + 1
    const end = endOfValue(json, value)
    if (JSON.parse(json.slice(key, keyEnd)) === name) found = json.slice(value, end).trim()
    at = end + 1
  }
  return found
}

/** The place behind the string that begins at a quote. */
function endOfString(json: string, begin: number): number {
  let at = begin + 1
  while (json[at] !== QUOTE && at < json.length) at += json[at] === BACKSLASH ? 2 : 1
  return at + 1
}

/** The place of what ends a value: a comma, or the end of what it is in. */
function endOfValue(json: string, begin: number): number {
  let levels = 0
  let at = begin
  while (at < json.length) {
    const char = json[at]
    const step = STEPS[char] ?? 0
    if (levels === 0 && (char === COMMA || step < 0)) return at
    levels += step
    at = char === QUOTE ? endOfString(json, at) : at + 1
  }
  return at
}
