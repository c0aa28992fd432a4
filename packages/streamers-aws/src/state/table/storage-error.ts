import { StreamerError, isStreamerError } from '@boostercloud/streamer-connector'

interface Meaning {
  readonly what: string
  readonly hint: string
  readonly retryable: boolean
}

const MEANINGS: Readonly<Record<string, Meaning>> = {
  ResourceNotFoundException: {
    what: 'is not there',
    hint: 'Deploy the service, which creates it, or use another table.',
    retryable: false,
  },
  AccessDeniedException: {
    what: 'refuses these credentials',
    hint: 'Allow the function what its deployment lists: read and write items, query, describe the table.',
    retryable: false,
  },
  ...Object.fromEntries(
    ['ProvisionedThroughputExceededException', 'ThrottlingException', 'RequestLimitExceeded'].map((name) => [
      name,
      {
        what: 'is throttled',
        hint: 'Raise its write capacity or its limits, or use on-demand billing (PAY_PER_REQUEST).',
        retryable: true,
      },
    ])
  ),
  ItemCollectionSizeLimitExceededException: {
    what: 'has no room left in one of its partitions',
    hint: 'Redrive or discard dead letters, or restore the broker for which the events wait.',
    retryable: true,
  },
}
const REFUSED = ['ValidationException', 'SerializationException', 'TransactionCanceledException']
const AWAY: Meaning = {
  what: 'cannot be reached',
  hint: 'Check that its region and endpoint are right, and that this machine can reach it.',
  retryable: true,
}

/** Something thrown by the client as a `STORAGE_…` error that names the table. */
export function storageError(thrown: unknown, name: string): unknown {
  if (isStreamerError(thrown)) return thrown
  const { name: kind, message } = thrown as Error
  const meaning = MEANINGS[kind] ?? (REFUSED.includes(kind) ? refused(kind) : AWAY)
  return new StreamerError(
    'STORAGE_UNAVAILABLE',
    `The table of the streaming state ${meaning.what}: ${message.replace(/\.$/, '')}.`,
    { at: name, hint: meaning.hint, retryable: meaning.retryable, cause: thrown }
  )
}

function refused(kind: string): Meaning {
  return { what: `refused a write (${kind})`, hint: 'The message says what is wrong with it.', retryable: false }
}

/** Whether others have written meanwhile, so that it is to be read and tried again. */
export function isConflict(thrown: unknown): boolean {
  const { name, CancellationReasons } = thrown as Error & { CancellationReasons?: { Code?: string }[] }
  if (name === 'ConditionalCheckFailedException' || name === 'TransactionConflictException') return true
  if (name !== 'TransactionCanceledException') return false
  const codes = (CancellationReasons ?? [])
    .map(({ Code }) => Code)
    .filter((code) => code !== undefined && code !== 'None')
  return codes.length > 0 && codes.every((code) => CONFLICTS.includes(code ?? ''))
}

const CONFLICTS = ['ConditionalCheckFailed', 'TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded']
