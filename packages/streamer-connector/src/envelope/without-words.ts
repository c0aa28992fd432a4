/** What an error class or a code of Node's looks like; anything else may be a piece of what was read. */
const NAME = /^[A-Za-z][A-Za-z0-9_]{0,60}$/
const FRAMES = /^ {4}at .+$/gm

/**
 * An error as a log and a dead letter may have it: the class, the code and the frames of what was thrown. Its message is left out, because a
 * parser's message quotes what it read, and a payload does not belong in a log. Takes whatever can be thrown, and never throws.
 * @internal
 */
export function withoutWords(thrown: unknown): Error {
  const error = new Error(`${classOf(thrown)}; its message is left out, as it may quote the payload`)
  error.stack = `${error.name}: ${error.message}${framesOf(thrown)}`
  return error
}

/**
 * The class and the code of what was thrown, as `TypeError ERR_INVALID_URL`; what is no error is told by its type.
 * @internal
 */
export function classOf(thrown: unknown): string {
  try {
    if (!(thrown instanceof Error)) return `a thrown ${thrown === null ? 'null' : typeof thrown}`
    const { name, code } = thrown as NodeJS.ErrnoException
    return [name, code].filter((word) => typeof word === 'string' && NAME.test(word)).join(' ') || 'Error'
  } catch {
    return 'something'
  }
}

function framesOf(thrown: unknown): string {
  try {
    const { stack } = thrown as Error
    const frames = typeof stack === 'string' ? (stack.match(FRAMES) ?? []) : []
    return frames.map((frame) => `\n${frame}`).join('')
  } catch {
    return ''
  }
}
