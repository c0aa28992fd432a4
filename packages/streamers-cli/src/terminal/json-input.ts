import { createInterface } from 'node:readline'
import { StreamerError, decodeJson, isStreamerError } from '@boostercloud/streamer-connector'

/** One event of the input. */
export interface InputEvent {
  readonly value: object
  /** File and line, for messages. */
  readonly at: string
}

/** How input is read. */
export interface InputOptions {
  /** Whether each line is an event, also where the first looks like the beginning of a document. */
  readonly jsonLines?: boolean
  /** The longest document that is read, in characters. */
  readonly maxDocument?: number
}

const MAX_DOCUMENT = 16 * 1024 * 1024

/**
 * Events from JSON lines, or from one JSON document over several lines: an object, or an array of objects. Lines are read one by
 * one, in constant memory; a document is held whole, up to a limit. Throws `OPTION_INVALID`, naming the line, at the first that is
 * no JSON object; of a document, the line where it begins.
 */
export async function* readEvents(
  input: NodeJS.ReadableStream,
  name: string,
  { jsonLines = false, maxDocument = MAX_DOCUMENT }: InputOptions = {}
): AsyncGenerator<InputEvent, void, undefined> {
  let line = 0
  let isFirst = !jsonLines
  let document: Document | undefined
  for await (const text of createInterface({ input, crlfDelay: Infinity })) {
    line += 1
    if (document) lengthen(document, text, maxDocument)
    else if (text.trim() === '') continue
    else if (isFirst && beginsDocument(text)) {
      document = { lines: [text], length: text.length, at: `${name}, the document from line ${line} on` }
    } else yield* eventsOf(text, `${name}, line ${line}`)
    isFirst = false
  }
  if (document) yield* eventsOf(document.lines.join('\n'), document.at)
}

/** What is read so far of a document over several lines. */
interface Document {
  readonly lines: string[]
  length: number
  readonly at: string
}

function lengthen(document: Document, text: string, limit: number): void {
  document.lines.push(text)
  document.length += text.length
  if (document.length <= limit) return
  throw new StreamerError(
    'OPTION_INVALID',
    `It is longer than ${limit} characters, which is too long to read at once.`,
    {
      at: document.at,
      hint: 'Write one JSON object per line; --json-lines then names a line that is not one.',
    }
  )
}

/** Whether a line is the beginning of an object or array that ends further down. */
function beginsDocument(text: string): boolean {
  return /^\s*[{[]/.test(text) && !isJson(text)
}

function* eventsOf(text: string, at: string): Generator<InputEvent, void, undefined> {
  for (const value of listOf(parsed(text, at))) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new StreamerError('OPTION_INVALID', 'An event must be a JSON object.', { at, hint: 'Fix the input.' })
    }
    yield { value, at }
  }
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [value]
}

function parsed(text: string, at: string): unknown {
  try {
    // The usual parser says where the text goes wrong; ours loses no number.
    JSON.parse(text)
    return decodeJson(Buffer.from(text))
  } catch (thrown) {
    throw new StreamerError('OPTION_INVALID', `This is not valid JSON${placeIn(thrown)}.`, {
      at,
      hint: 'Write one JSON object per line, or one JSON document.',
    })
  }
}

/** Where the parser stopped, if it says so, without what it quotes: input may be a payload, and what a command says ends up in logs. */
function placeIn(thrown: unknown): string {
  if (isStreamerError(thrown)) return `: ${thrown.message}`
  const [place] = /\bat position \d+/.exec((thrown as Error).message) ?? []
  return place === undefined ? '' : `: the parser stopped ${place}`
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
