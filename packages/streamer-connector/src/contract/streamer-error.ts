/**
 * Why something was refused or went wrong. Stable: code may branch on it, messages may change.
 * @public
 */
export type StreamerErrorCode =
  /** An address is empty or cannot be split into a streamer and a topic. */
  | 'ADDRESS_MALFORMED'
  /** An address names a streamer that `config.streamers` does not have. */
  | 'STREAMER_UNKNOWN'
  /** An address has no topic, and the streamer has no default one. */
  | 'TOPIC_MISSING'
  /** A value in `config.streamers` is not a connector. */
  | 'NOT_A_CONNECTOR'
  /** The streamer cannot deliver in this kind of process. */
  | 'DELIVERY_UNAVAILABLE'
  /** The streamer lacks a capability that an event requires. */
  | 'CAPABILITY_MISSING'
  /** Two declarations contradict each other. */
  | 'DECLARATION_CONFLICT'
  /** The schema migrations of an event do not lead, version by version, to its class. */
  | 'MIGRATION_GAP'
  /** The schema of an event class is older than the sources that it was made of. */
  | 'SCHEMA_OUTDATED'
  /** An option is missing, unknown or out of range. */
  | 'OPTION_INVALID'
  /** An event is larger than the streamer takes. */
  | 'EVENT_TOO_LARGE'
  /** An event cannot be written as bytes. */
  | 'EVENT_NOT_ENCODABLE'
  /** Received bytes cannot be read as an event. */
  | 'EVENT_UNDECODABLE'
  /** Received fields do not fit the class that the link names. */
  | 'EVENT_MISMATCH'
  /** An event was written by a newer version of its class than this service knows. */
  | 'EVENT_VERSION_UNKNOWN'
  /** An event's source is not among those that the link allows. */
  | 'SOURCE_NOT_ALLOWED'
  /** Some events of a batch were not published; see `PartialPublishError`. */
  | 'PUBLISH_PARTIAL'
  /** The broker, or the storage beneath it, did not answer or answered with an error. */
  | 'STREAMER_UNAVAILABLE'
  /** The broker refused: credentials or rights. */
  | 'STREAMER_FORBIDDEN'
  /** A handler took longer than its claim lasts, and another process has taken the event over. */
  | 'CLAIM_LOST'
  /** A handler's run took longer than its `timeoutMs`. */
  | 'HANDLER_TIMED_OUT'
  /** The process ended each time that a handler was run with an event. */
  | 'PROCESS_ENDED'
  /** Used after `close()`. */
  | 'CLOSED'
  /** A file is of another program or of another version. */
  | 'STORAGE_FOREIGN'
  /** A file is damaged. */
  | 'STORAGE_DAMAGED'
  /** A file or folder cannot be opened, read or written; a full disk too. */
  | 'STORAGE_UNAVAILABLE'
  /** What a service kept is in another streaming state than the one that it would run on. */
  | 'STATE_ELSEWHERE'
  /** Another streaming state reads under the same name at the broker. */
  | 'GROUP_OWNED'
  /** Another process holds what only one may. */
  | 'STORAGE_BUSY'
  /** A package that an option asks for is not installed. */
  | 'PACKAGE_MISSING'
  /** A file that was fetched is not the one that was chosen: its checksum is another. */
  | 'CHECKSUM_MISMATCH'

/**
 * What a `StreamerError` is made of.
 * @public
 */
export interface StreamerErrorDetails {
  /** The thing at fault: a class, an address, an option, a file. */
  readonly at?: string
  /** What to do about it, as an imperative sentence. */
  readonly hint?: string
  /** Whether the same call may succeed later without anything being changed. Default false. */
  readonly retryable?: boolean
  /** What lay beneath. */
  readonly cause?: unknown
}

const PAGE = 'https://github.com/boostercloud/booster-streamers/blob/main/docs/reference/errors.md'

/**
 * Every error of this project: a code, the thing at fault, and the hint; its message has all three.
 * @public
 */
export class StreamerError extends Error {
  /** What lay beneath, if anything. */
  public override readonly cause?: unknown
  /** See {@link StreamerErrorDetails.at}. */
  public readonly at?: string
  /** See {@link StreamerErrorDetails.hint}. */
  public readonly hint?: string
  /** See {@link StreamerErrorDetails.retryable}. */
  public readonly retryable: boolean

  /** The page that says what causes errors of this code, and what to do. */
  public get url(): string {
    return `${PAGE}#${this.code.toLowerCase()}`
  }

  public constructor(
    public readonly code: StreamerErrorCode,
    what: string,
    details: StreamerErrorDetails = {}
  ) {
    super([`[${code}] ${what}`, details.at && `At: ${details.at}.`, details.hint].filter(Boolean).join(' '))
    this.name = 'StreamerError'
    this.at = details.at
    this.hint = details.hint
    this.retryable = details.retryable ?? false
    this.cause = details.cause
  }
}

/**
 * One event of a batch that was not published.
 * @public
 */
export interface FailedEvent {
  /** Its place in the array that `publish` was given, from 0. */
  readonly index: number
  /** Why; `retryable` says whether to send it again. */
  readonly error: StreamerError
}

/**
 * `publish` rejects with this when only some of its events failed: the others are durable, and only these are to be sent again.
 * @public
 */
export class PartialPublishError extends StreamerError {
  public constructor(
    public readonly failed: readonly FailedEvent[],
    total: number,
    at?: string
  ) {
    super('PUBLISH_PARTIAL', `${failed.length} of ${total} events were not published: ${failed[0]?.error.message}`, {
      at,
      hint: 'Publish only the failed ones again.',
      retryable: failed.every(({ error }) => error.retryable),
      cause: failed[0]?.error,
    })
    this.name = 'PartialPublishError'
  }
}

/**
 * Whether something thrown is ours, and of that code if one is given. Holds across copies of this package.
 * @public
 */
export function isStreamerError(thrown: unknown, code?: StreamerErrorCode): thrown is StreamerError {
  const name = nameOf(thrown)
  if (name !== 'StreamerError' && name !== 'PartialPublishError') return false
  return code === undefined || (thrown as StreamerError).code === code
}

/** Anything can be thrown, also what throws when it is looked at. */
function nameOf(thrown: unknown): unknown {
  try {
    return thrown instanceof Error ? thrown.name : undefined
  } catch {
    return undefined
  }
}

/**
 * Whether something thrown says which events of a batch failed. Holds across copies of this package.
 * @public
 */
export function isPartialPublishError(thrown: unknown): thrown is PartialPublishError {
  return isStreamerError(thrown, 'PUBLISH_PARTIAL') && Array.isArray((thrown as PartialPublishError).failed)
}
