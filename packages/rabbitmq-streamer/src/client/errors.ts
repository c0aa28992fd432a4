import { StreamerError, causeHint, isStreamerError } from '@boostercloud/streamer-connector'

/** Reply codes of AMQP 0-9-1 (and RabbitMQ's) that mean something of their own here. */
export const REPLY = { refused: 403, notFound: 404, precondition: 406, notAllowed: 530 } as const

/** The reply code in what amqplib has thrown, if it is an answer of the server's. */
export function replyCode(thrown: unknown): number | undefined {
  if (!(thrown instanceof Error)) return undefined
  const { code } = thrown as { code?: unknown }
  if (typeof code === 'number') return code
  // An answer to logging in has no code of its own.
  const [, digits] = /^Handshake terminated by server: (\d{3}) /.exec(thrown.message) ?? []
  return digits === undefined ? undefined : Number(digits)
}

/** What amqplib has thrown, as an error of ours. `at`: what was asked for, as a server or a queue; never a URL. */
export function errorFrom(thrown: unknown, at: string): StreamerError {
  if (isStreamerError(thrown)) return thrown
  const code = replyCode(thrown)
  if (code === REPLY.refused || code === REPLY.notAllowed) return forbidden(why(thrown), at, thrown)
  if (code === REPLY.precondition && /inequivalent arg/.test(why(thrown))) return conflict(why(thrown), at, thrown)
  // The server's reason is not in what amqplib says of an answer that is none of an open virtual host.
  if (/^Expected ConnectionOpenOk; got <ConnectionClose/.test(why(thrown)))
    return forbidden('the virtual host does not exist, or this user may not use it', at, thrown)
  return unavailable(why(thrown), at, thrown)
}

/** No answer, or an error that may pass. */
export function unavailable(what: string, at: string, cause?: unknown): StreamerError {
  return new StreamerError('STREAMER_UNAVAILABLE', `RabbitMQ: ${what}.`, {
    at,
    hint: hintFor(cause),
    retryable: true,
    cause,
  })
}

function hintFor(cause: unknown): string {
  if (replyCode(cause) === REPLY.notFound)
    return 'Create the queue or exchange that it names, or let the streamer do it: declare: true.'
  return causeHint(
    cause,
    'Check that RabbitMQ runs there and accepts messages. Until then, unpublished events are kept.'
  )
}

/** After `close()`. */
export function closed(at = 'RabbitMQStreamer'): StreamerError {
  return new StreamerError('CLOSED', 'The RabbitMQ streamer is closed.', { at, hint: 'Make a new one.' })
}

function forbidden(what: string, at: string, cause: unknown): StreamerError {
  return new StreamerError('STREAMER_FORBIDDEN', `RabbitMQ refuses: ${what}.`, {
    at,
    hint: 'Check user, password and virtual host of the url, and the rights of this user (configure, write, read) there.',
    cause,
  })
}

function conflict(what: string, at: string, cause: unknown): StreamerError {
  return new StreamerError('DECLARATION_CONFLICT', `It exists in RabbitMQ with other options: ${what}.`, {
    at,
    hint: 'Give RabbitMQStreamer.with the options with which it was created, or declare: false to use it as it is.',
    cause,
  })
}

/** The words of an error without its stop; amqplib's are of this side or the server's, and never have a password. */
function why(thrown: unknown): string {
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  const [, said] = /with message "(.*)"$/s.exec(message) ?? []
  return (said ?? message).replace(/\.$/, '')
}
