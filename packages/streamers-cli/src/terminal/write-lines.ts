import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { jsonText } from '@boostercloud/streamer-connector'

/** Writes each value as a line of JSON into a file that only its owner reads. Resolves with how many. */
export async function writeLines(path: string, lines: AsyncIterable<object>): Promise<number> {
  return writeTexts(path, texts(lines))
}

async function* texts(lines: AsyncIterable<object>): AsyncGenerator<string, void, undefined> {
  for await (const line of lines) yield jsonText(line)
}

/** Writes lines into a file that only its owner reads. Resolves with how many. */
export async function writeTexts(path: string, lines: AsyncIterable<string>): Promise<number> {
  const stream = createWriteStream(path, { mode: 0o600 })
  let count = 0
  for await (const line of lines) {
    count += 1
    if (!stream.write(`${line}\n`)) await once(stream, 'drain')
  }
  stream.end()
  await once(stream, 'finish')
  return count
}
