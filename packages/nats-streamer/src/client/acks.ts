import { createInbox } from '@nats-io/nats-core'
import type { Msg, MsgHdrs, NatsConnection } from '@nats-io/nats-core'
import type { StreamerError } from '@boostercloud/streamer-connector'
import { apiError, forbidden, unavailable } from './errors'

/** A message on its way to a stream. */
export interface Outgoing {
  readonly subject: string
  readonly body: Uint8Array
  readonly headers: MsgHdrs
}

/** Told once what became of a message: undefined when the stream has it. */
export type Settled = (error?: StreamerError) => void

interface Pending {
  readonly subject: string
  readonly settled: Settled
  readonly deadline: number
}

const NO_RESPONDERS = 503

/**
 * Messages on their way to streams, and the streams' acknowledgements, which all come to one inbox. An acknowledgement that does
 * not come in time leaves open whether the stream has the message: the same message id tells it when it is sent again.
 */
export class Acks {
  private readonly inbox: string
  /** In the order sent, so the oldest is the first. */
  private readonly pending = new Map<string, Pending>()
  private sent = 0
  private timer?: NodeJS.Timeout

  public constructor(
    private readonly connection: NatsConnection,
    private readonly timeoutMs: number,
    inboxPrefix?: string
  ) {
    this.inbox = `${createInbox(inboxPrefix)}.`
    connection.subscribe(`${this.inbox}*`, {
      callback: (error, answer) =>
        error ? this.fail(forbidden(error.message, this.inbox, error)) : this.settle(answer),
    })
  }

  /** Sends a message. Never throws. */
  public send({ subject, body, headers }: Outgoing, settled: Settled): void {
    const token = String((this.sent += 1))
    try {
      this.connection.publish(subject, body, { headers, reply: this.inbox + token })
    } catch (cause) {
      settled(unavailable(cause instanceof Error ? cause.message : String(cause), subject, cause))
      return
    }
    this.pending.set(token, { subject, settled, deadline: performance.now() + this.timeoutMs })
    this.timer ??= setTimeout(() => this.expire(), this.timeoutMs)
  }

  /** Nothing more is to be expected for what is on its way; where a subject is named, for what goes there. */
  public fail(error: StreamerError, subject?: string): void {
    for (const [token, pending] of [...this.pending]) {
      if (subject !== undefined && pending.subject !== subject) continue
      this.pending.delete(token)
      pending.settled(error)
    }
    if (this.pending.size === 0) this.stopTimer()
  }

  private settle(answer: Msg): void {
    const token = answer.subject.slice(this.inbox.length)
    const pending = this.pending.get(token)
    if (!pending) return
    this.pending.delete(token)
    pending.settled(errorIn(answer, pending.subject))
  }

  private expire(): void {
    this.timer = undefined
    const now = performance.now()
    for (const [token, { subject, settled, deadline }] of this.pending) {
      if (deadline > now) {
        this.timer = setTimeout(() => this.expire(), deadline - now)
        return
      }
      this.pending.delete(token)
      settled(unavailable(`the stream has not acknowledged within ${this.timeoutMs} ms`, subject))
    }
  }

  private stopTimer(): void {
    clearTimeout(this.timer)
    this.timer = undefined
  }
}

/** What the answer to a publish says has gone wrong (`{"error": {"code", "err_code", "description"}}`). */
function errorIn(answer: Msg, subject: string): StreamerError | undefined {
  if (answer.headers?.code === NO_RESPONDERS) return unavailable('no stream has this subject at the moment', subject)
  const text = answer.string()
  if (!text.includes('"error"')) return undefined
  try {
    const { error } = JSON.parse(text) as { error?: { err_code?: number; description?: string } }
    return error && apiError(error.err_code, error.description ?? 'the stream refuses', subject)
  } catch (cause) {
    return unavailable('an answer that is not of JetStream', subject, cause)
  }
}
