import { appendFileSync, existsSync, readFileSync, truncateSync } from 'node:fs'
import type { ExternalEvent } from '@boostercloud/streamer-connector'

/** A line of the digest. */
interface Line {
  /** Where its event stands in the topic. */
  readonly position?: string
  readonly postId: unknown
  readonly title: unknown
}

/**
 * A file with a line of JSON for each post. Its last line says where to read on, so the digest and its position are written
 * together: each post gets one line, also when the program is killed.
 */
export class Digest {
  /** The position of the last post; undefined before the first. */
  public position?: string

  public constructor(private readonly path: string) {
    const text = existsSync(path) ? readFileSync(path) : Buffer.alloc(0)
    const whole = text.subarray(0, text.lastIndexOf('\n') + 1)
    if (whole.length < text.length) truncateSync(path, whole.length)
    const lastLine = whole.toString().trimEnd().split('\n').at(-1)
    if (lastLine) this.position = (JSON.parse(lastLine) as Line).position
  }

  /** Adds the post that an event tells of. */
  public add({ eventId, eventPayload }: ExternalEvent): void {
    const { postId, title } = eventPayload as Partial<Line>
    const line: Line = { position: eventId, postId, title }
    appendFileSync(this.path, `${JSON.stringify(line)}\n`)
    this.position = eventId
  }
}
