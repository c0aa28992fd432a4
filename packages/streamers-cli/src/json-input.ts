import { createInterface } from 'node:readline'
import { StreamerError } from '@boostercloud/streamer-connector'

/** One event of the input. */
export interface InputEvent {
  readonly value: object
  /** File and line, for messages. */
  readonly at: string
}

/**
 * Events from JSON lines, or from one JSON document over several lines: an object, or an array of objects. Lines are read one by
 * one, in constant memory. Throws `OPTION_INVALID`, naming the line, at the first that is no JSON object.
 */
export async function* readEvents(
  input: NodeJS.ReadableStream,
  name: string
): AsyncGenerator<InputEvent, void, undefined> {
  let line = 0
  let isFirst = true
  let document: string[] | undefined
  for await (const text of createInterface({ input, crlfDelay: Infinity })) {
    line += 1
    if (document) document.push(text)
    else if (text.trim() === '') continue
    else if (isFirst && !isJson(text)) document = [text]
    else yield* eventsOf(text, `${name}, line ${line}`)
    isFirst = false
  }
  if (document) yield* eventsOf(document.join('\n'), name)
}

function* eventsOf(text: string, at: string): Generator<InputEvent, void, undefined> {
  for (const value of listOf(parsed(text, at))) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new StreamerError('OPTION_INVALID', 'An event must be a JSON object.', { at, mend: 'Mend the input.' })
    }
    yield { value, at }
  }
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [value]
}

function parsed(text: string, at: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new StreamerError('OPTION_INVALID', `This is no JSON: ${(cause as Error).message}.`, {
      at,
      mend: 'Write one JSON object a line, or one JSON document.',
      cause,
    })
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
