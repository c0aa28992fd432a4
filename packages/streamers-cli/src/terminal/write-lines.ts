import { once } from 'node:events'
import { createWriteStream } from 'node:fs'

/** Writes each value as a line of JSON into a file that only its owner reads. Resolves with how many. */
export async function writeLines(path: string, lines: AsyncIterable<object>): Promise<number> {
  const stream = createWriteStream(path, { mode: 0o600 })
  let count = 0
  for await (const line of lines) {
    count += 1
    if (!stream.write(`${JSON.stringify(line)}\n`)) await once(stream, 'drain')
  }
  stream.end()
  await once(stream, 'finish')
  return count
}
