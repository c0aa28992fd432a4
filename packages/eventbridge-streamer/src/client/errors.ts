import { StreamerError, causeHint, isStreamerError } from '@boostercloud/streamer-connector'

/** Names of errors that say who asks, or what they may. https://docs.aws.amazon.com/eventbridge/latest/APIReference/CommonErrors.html */
const FORBIDDEN =
  /^(AccessDenied|NotAuthorized|UnrecognizedClient|InvalidClientTokenId|InvalidAccessKeyId|IncompleteSignature|InvalidSignature|SignatureDoesNotMatch|ExpiredToken|MissingAuthenticationToken|OptInRequired|CredentialsProviderError|TokenProviderError|InvalidSecurity|KmsAccessDenied|KMS\.AccessDenied)/i

/** Names of errors that say that there is no such thing. */
const MISSING = /^(ResourceNotFound|QueueDoesNotExist|AWS\.SimpleQueueService\.NonExistentQueue)/

/** Names of errors that say that what was sent is not as it must be. */
const REFUSED = /^(Validation|InvalidArgument|InvalidParameter|MalformedDetail|Serialization|RequestEntityTooLarge)/i

/** What the AWS SDK has thrown, as an error of ours. `at`: what was asked for, as a bus or a queue. */
export function errorFrom(thrown: unknown, at: string): StreamerError {
  if (isStreamerError(thrown)) return thrown
  const { name, message } = thrown instanceof Error ? thrown : { name: 'Error', message: String(thrown) }
  return errorOf(name, message, { at, cause: thrown })
}

/** The same for what is told of a single event: a code and words. */
function errorOf(name: string, message: string, { at, cause }: { at: string; cause?: unknown }): StreamerError {
  const what = `${name}: ${message}`.replace(/[.\s]+$/, '')
  if (FORBIDDEN.test(name)) {
    return new StreamerError('STREAMER_FORBIDDEN', `AWS refuses: ${what}.`, {
      at,
      hint: 'Check the credentials, the region, and what they may do there (README, "Rights").',
      cause,
    })
  }
  if (isTooLarge(name, message)) {
    return new StreamerError('EVENT_TOO_LARGE', `EventBridge does not accept such a large event here: ${what}.`, {
      at,
      hint: "Lower the streamer's maxEventBytes to what the region accepts, such as 262144, and publish a reference to the large part.",
      cause,
    })
  }
  return new StreamerError('STREAMER_UNAVAILABLE', `AWS returned an error: ${what}.`, {
    at,
    hint: MISSING.test(name)
      ? 'Create it with provision, or with the option declare.'
      : causeHint(
          cause ?? what,
          'Check the region, the endpoint and the network. Until then, unpublished events are kept.'
        ),
    retryable: true,
    cause,
  })
}

/** What is said of an entry, or of a request that was not taken for what is in it, as an error of ours: only AWS's own trouble passes. */
export function entryError(
  name: string,
  message: string,
  { at, cause }: { at: string; cause?: unknown }
): StreamerError {
  const error = errorOf(name, message, { at, cause })
  if (error.code !== 'STREAMER_UNAVAILABLE' || !REFUSED.test(name)) return error
  return new StreamerError('EVENT_NOT_ENCODABLE', `EventBridge does not accept the event: ${name}: ${message}`, {
    at,
    hint: 'Fix the event, its class or its topic as the message says.',
    cause,
  })
}

/** Whether it says that there is no such thing. */
export function isMissing(thrown: unknown): boolean {
  return MISSING.test(nameOf(thrown))
}

/** Whether it says that there is such a thing already. */
export function isThere(thrown: unknown): boolean {
  return /^(ResourceAlreadyExists|QueueNameExists|QueueAlreadyExists)/.test(nameOf(thrown))
}

/** Whether it says that somebody else is at it at this moment. */
export function isBusy(thrown: unknown): boolean {
  return /^ConcurrentModification/.test(nameOf(thrown))
}

/** After `close()`. */
export function closed(at: string): StreamerError {
  return new StreamerError('CLOSED', 'The EventBridge streamer is closed.', { at, hint: 'Make a new one.' })
}

function isTooLarge(name: string, message: string): boolean {
  return /^Validation/.test(name) && /size of the entr/i.test(message)
}

function nameOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.name : ''
}
