import { isStreamerError, jsonText } from '@boostercloud/streamer-connector'
import pc from 'picocolors'

// Control characters, those of the C1 set, and what reorders text: none of it may reach a terminal from outside.
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g

/** Text from outside as it may be shown: control characters escaped. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** The same for a text of several lines: they stay. */
export function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n')
}

/** So many of something, in words. */
export function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}

/** A value as JSON in one line, with nothing in it that a terminal would obey; no number loses a digit. */
export function json(value: unknown): string {
  if (value === undefined) return 'undefined'
  return printable(jsonText(value))
}

/** Writes a line, waiting where the reader is slower. */
export async function print(line: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    process.stdout.write(`${line}\n`, (error) => (error ? reject(error) : resolve()))
  })
}

/** An error as a person is told of it, by its message. It may quote what came from outside: control characters are escaped. */
export function messageOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  const debug = process.env.BOOST_STREAMERS_DEBUG !== undefined && error instanceof Error ? `\n${error.stack}` : ''
  return printableLines(message + debug)
}

/** Says what went wrong, and where to read about it, and ends the process with 1. */
export async function fail(error: unknown): Promise<never> {
  const more = isStreamerError(error) ? `\n  ${pc.dim(error.url)}` : ''
  await new Promise<void>((resolve) =>
    process.stderr.write(`${pc.red('✗')} ${messageOf(error)}${more}\n`, () => resolve())
  )
  process.exit(1)
}

/** Ends the process well. A loaded Booster app never ends by itself. */
export async function finish(code = 0): Promise<never> {
  await new Promise<void>((resolve) => process.stdout.write('', () => resolve()))
  process.exit(code)
}
