import { appendFileSync, existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { StreamerError } from '@boostercloud/streamer-connector'
import type { WireMessage } from '@boostercloud/streamer-connector'

/** A stored message, and when it was appended. */
export interface Entry {
  readonly at: number
  readonly message: WireMessage
}

/** A topic as one file of JSON lines. Any process may append; a folder with a file `down` plays a broker that is away. */
export class LogFile {
  private readonly file: string
  private entries: Entry[] = []
  private size = 0

  public constructor(
    private readonly dir: string,
    topic: string
  ) {
    this.file = join(dir, `${topic}.jsonl`)
  }

  public append(messages: readonly WireMessage[]): void {
    this.check()
    const lines = messages.map((message) =>
      JSON.stringify({ at: Date.now(), message: { ...message, body: Buffer.from(message.body).toString('base64') } })
    )
    appendFileSync(this.file, lines.map((line) => `${line}\n`).join(''))
  }

  public read(): readonly Entry[] {
    this.check()
    const size = statSync(this.file, { throwIfNoEntry: false })?.size ?? 0
    if (size !== this.size) {
      const lines = readFileSync(this.file, 'utf8').trim().split('\n')
      this.entries = lines.map((line) => {
        const { at, message } = JSON.parse(line)
        return { at, message: { ...message, body: Buffer.from(message.body, 'base64') } }
      })
      this.size = size
    }
    return this.entries
  }

  private check(): void {
    if (existsSync(this.dir) && !existsSync(join(this.dir, 'down'))) return
    throw new StreamerError('STREAMER_UNAVAILABLE', 'The log is away.', { retryable: true })
  }
}
