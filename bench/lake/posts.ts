import { newEventId } from '@boostercloud/streamer-connector'
import type { WireMessage } from '@boostercloud/streamer-connector'

/** Bytes of a body, about. */
export const BODY_BYTES = 200
/** Events of one post, on average. */
const EVENTS_OF_POST = 5
const WORDS =
  'how to write a blog post about event driven services and why it is not so hard once you know what an inbox does for the order of facts that small teams keep and read again'.split(
    ' '
  )
const FIRST_MS = Date.UTC(2026, 0, 1)
/** Milliseconds between two events: so 10^7 of them are spread over some months. */
const APART_MS = 1_000

/**
 * Posts of a blog, created and renamed: titles of eight words out of thirty, ids that are UUIDs of version 7, times of one second after the other. The words and the order of posts follow
 * from a seed; the random bits of ids do not.
 */
export class Posts {
  private seed = 1
  private made = 0
  private readonly ids: string[]

  public constructor(count: number) {
    this.ids = Array.from({ length: Math.max(1, Math.ceil(count / EVENTS_OF_POST)) }, () => newEventId())
  }

  /** The next events, as a broker has them. */
  public next(count: number): WireMessage[] {
    return Array.from({ length: count }, () => this.one())
  }

  private one(): WireMessage {
    const subject = this.ids[this.below(this.ids.length)]
    const type = this.below(10) < 7 ? 'PostCreated' : 'PostRenamed'
    const time = new Date(FIRST_MS + this.made * APART_MS).toISOString()
    this.made += 1
    const title = Array.from({ length: 8 }, () => WORDS[this.below(WORDS.length)]).join(' ')
    const post = { postId: subject, title, author: `author-${this.below(1_000)}`, words: this.below(5_000), at: time }
    const text = JSON.stringify({ ...post, text: '' })
    const filler = `${title} `.repeat(BODY_BYTES).slice(0, Math.max(0, BODY_BYTES - text.length))
    return {
      body: Buffer.from(JSON.stringify({ ...post, text: filler })),
      contentType: 'application/json',
      attributes: { specversion: '1.0', id: newEventId(), type, source: 'blog', subject, time },
      headers: {},
      key: subject,
    }
  }

  /** A whole number below another, the same ones in each run. */
  private below(limit: number): number {
    this.seed = (Math.imul(this.seed, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((this.seed / 2 ** 32) * limit)
  }
}
