import { StreamerError, causeHint, isStreamerError } from '@boostercloud/streamer-connector'
import { AuthorizationError, PermissionViolationError, UserAuthenticationExpiredError } from '@nats-io/nats-core'
import { JetStreamApiError } from '@nats-io/jetstream'

/** Numbers of JetStream's API errors (`err_code`). */
export const API = {
  busy: 10008,
  noLeader: 10009,
  consumerNotFound: 10014,
  messageTooLarge: 10054,
  streamNotFound: 10059,
  streamNameInUse: 10058,
  wrongStream: 10060,
  subjectsOverlap: 10065,
  wrongLastSequence: 10071,
  streamFull: 10077,
} as const

const FULL =
  "The stream is full: raise its max_msgs or max_bytes, or let it discard old messages (discard: 'old'). Until then, unpublished events are kept."

/** The JetStream API's number for what went wrong, if it is an error of that API. */
export function apiCode(thrown: unknown): number | undefined {
  return thrown instanceof JetStreamApiError ? thrown.code : undefined
}

/** What NATS or JetStream has thrown, as an error of ours. `at`: what was asked for, as a stream or a server. */
export function errorFrom(thrown: unknown, at: string): StreamerError {
  if (isStreamerError(thrown)) return thrown
  const why = thrown instanceof Error ? thrown.message : String(thrown)
  if (isRefusal(thrown)) return forbidden(why, at, thrown)
  const code = apiCode(thrown)
  return code === undefined ? unavailable(why, at, thrown) : apiError(code, why, at, thrown)
}

/** Credentials or rights. */
export function forbidden(why: string, at: string, cause?: unknown): StreamerError {
  return new StreamerError('STREAMER_FORBIDDEN', `NATS refuses: ${why}.`, {
    at,
    hint: 'Check the credentials of NatsStreamer.with, and what the server allows this user.',
    cause,
  })
}

/** No answer, or an error that may pass. */
export function unavailable(why: string, at: string, cause?: unknown): StreamerError {
  return new StreamerError('STREAMER_UNAVAILABLE', `NATS: ${why}.`, {
    at,
    hint: hintFor(why, cause),
    retryable: true,
    cause,
  })
}

function hintFor(why: string, cause: unknown): string {
  const code = apiCode(cause)
  if (code === API.streamFull || /maximum (messages|bytes)/i.test(why)) return FULL
  if (code === API.streamNotFound) return 'Create the stream, or let the streamer do it: declare: true, or provision.'
  return causeHint(
    cause,
    'Check that a NATS server with JetStream runs there. Until then, unpublished events are kept.'
  )
}

/** What an answer of JetStream's API, or its answer to a publish, means. */
export function apiError(code: number | undefined, why: string, at: string, cause?: unknown): StreamerError {
  if (code === API.messageTooLarge) {
    return new StreamerError('EVENT_TOO_LARGE', `The stream does not accept an event of this size: ${why}.`, {
      at,
      hint: "Publish a reference to the large part instead, or raise the stream's max_msg_size.",
      cause,
    })
  }
  if (code === API.wrongStream || code === API.subjectsOverlap) {
    return new StreamerError('OPTION_INVALID', `The subjects of this streamer belong to another stream: ${why}.`, {
      at,
      hint: 'Give NatsStreamer.with the name of that stream, or another subject.',
      cause,
    })
  }
  return unavailable(why, at, cause ?? new Error(why))
}

/** After `close()`. */
export function closed(at: string): StreamerError {
  return new StreamerError('CLOSED', 'The NATS streamer is closed.', { at, hint: 'Make a new one.' })
}

/** Requests wrap what the server said. */
function isRefusal(thrown: unknown): boolean {
  const kinds = [AuthorizationError, UserAuthenticationExpiredError, PermissionViolationError]
  const cause = thrown instanceof Error ? thrown.cause : undefined
  return [thrown, cause].some((error) => kinds.some((kind) => error instanceof kind))
}
