import { StreamerError } from '@boostercloud/streamer-connector'

/** The part of `re2js` that is used here. */
interface Engine {
  readonly RE2JS: {
    readonly CASE_INSENSITIVE: number
    translateRegExp(pattern: string): string
    compile(pattern: string, flags: number): { matcher(text: string): { find(): boolean } }
  }
}

const ENGINE = 're2js'
const LONGEST = 1_000
/** A filter asks the same of each read model. */
const MOST_KEPT = 100
const kept = new Map<string, (text: string) => boolean>()
let engine: Engine | undefined

/**
 * A pattern of a filter as a test of a text: whether any part of it matches. Patterns come from outside, so they run on RE2, which takes time
 * in proportion to the text, whatever the pattern; a backtracking engine can be kept busy for hours. Throws `OPTION_INVALID` for what RE2
 * does not know (backreferences, lookahead and lookbehind), for what is no pattern, and for one of more than 1,000 characters.
 */
export function patternOf(pattern: string, ignoresCase: boolean): (text: string) => boolean {
  const name = `${ignoresCase ? 'i' : '-'}${pattern}`
  const known = kept.get(name) ?? compile(pattern, ignoresCase)
  if (kept.size >= MOST_KEPT) kept.clear()
  kept.set(name, known)
  return known
}

function compile(pattern: string, ignoresCase: boolean): (text: string) => boolean {
  if (pattern.length > LONGEST) throw refused(`has ${pattern.length} characters`, `Give one of up to ${LONGEST}.`)
  try {
    // Who filters by no pattern needs no engine in memory.
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    engine ??= require(ENGINE) as Engine
    const { RE2JS } = engine
    const compiled = RE2JS.compile(RE2JS.translateRegExp(pattern), ignoresCase ? RE2JS.CASE_INSENSITIVE : 0)
    return (text) => compiled.matcher(text).find()
  } catch (cause) {
    if ((cause as Error).name !== 'RE2JSSyntaxException') throw cause
    throw refused(
      `is not understood (${(cause as Error).message})`,
      'Patterns have the syntax of RE2 (https://github.com/google/re2/wiki/Syntax), without backreferences, lookahead and lookbehind.',
      cause
    )
  }
}

function refused(what: string, hint: string, cause?: unknown): StreamerError {
  return new StreamerError('OPTION_INVALID', `A pattern of a filter ${what}.`, { at: 'regex', hint, cause })
}
