import { StreamerError, causeHint, isStreamerError } from '@boostercloud/streamer-connector'

/** The part of an error of the AWS SDK that says what it is. https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
interface Answer {
  readonly name?: string
  readonly message?: string
  /** The region of the bucket, where another one was asked. */
  readonly Region?: string
  readonly $metadata?: { readonly httpStatusCode?: number }
  readonly $response?: { readonly headers?: Readonly<Record<string, string>> }
}

/** Who asks is not known, or no credentials were found. */
const UNKNOWN_ASKER =
  /^(InvalidAccessKeyId|SignatureDoesNotMatch|ExpiredToken|InvalidToken|TokenRefreshRequired|CredentialsProviderError|TokenProviderError|InvalidClientTokenId)/
const FORBIDDEN = /^(AccessDenied|Forbidden|AllAccessDisabled|AccountProblem|NotSignedUp|KMS\.)/
const ELSEWHERE = /^(PermanentRedirect|AuthorizationHeaderMalformed|IllegalLocationConstraint|TemporaryRedirect)/
const THROTTLED = /^(SlowDown|ServiceUnavailable|RequestLimitExceeded|Throttling|TooManyRequests|503)/

const RIGHTS =
  's3:ListBucket on the bucket, and s3:GetObject, s3:PutObject and s3:DeleteObject on what is below the prefix'

/** What the AWS SDK has thrown, as an error of the lake. `what`: what was done, as `Reading`; `at`: the object. */
export function s3Error(thrown: unknown, what: string, at: string): StreamerError {
  if (isStreamerError(thrown)) return thrown
  const { name = 'Error', message = String(thrown) } = (thrown ?? {}) as Answer
  const told = message === '' || message === 'UnknownError' ? name : `${name}: ${message}`
  return new StreamerError('STORAGE_UNAVAILABLE', `${what} failed: ${told.replace(/[.\s]+$/, '')}.`, {
    at,
    hint: hintFor(thrown as Answer, name, told),
    retryable: true,
    cause: thrown,
  })
}

/** What each answer asks for, by its name and words. */
const HINTS: readonly (readonly [RegExp, string])[] = [
  [/^NoSuchBucket/, 'Create the bucket, or correct its name. A lake makes no buckets.'],
  [/region is missing/i, 'Give the region of the bucket in the option s3.region, or in AWS_REGION.'],
  [
    UNKNOWN_ASKER,
    'Correct the credentials: the option s3.credentials, or what the AWS SDK finds (AWS_ACCESS_KEY_ID, AWS_PROFILE, a role). They may have expired.',
  ],
  [FORBIDDEN, `Give the role or user the rights ${RIGHTS}.`],
  [THROTTLED, 'S3 asks for fewer requests: it is tried again. Longer segments (segmentMs) take fewer.'],
  [
    /NotImplemented|encryption/i,
    "The service must have conditional puts. If it refuses the header for encryption, set s3.encryption to 'bucket'.",
  ],
]

function hintFor(thrown: Answer | undefined, name: string, told: string): string {
  const status = thrown?.$metadata?.httpStatusCode
  if (ELSEWHERE.test(name) || status === 301) return elsewhere(thrown)
  const words = status === 403 && !UNKNOWN_ASKER.test(name) ? 'Forbidden' : told
  const known = HINTS.find(([form]) => form.test(words))
  return known?.[1] ?? causeHint(thrown, 'Check the endpoint, the region and the network.')
}

/** What to do where the bucket is in another region. */
function elsewhere(thrown: Answer = {}): string {
  const region = regionIn(thrown) ?? /expecting '([a-z0-9-]+)'/.exec(String(thrown.message))?.[1]
  return region === undefined
    ? 'The bucket is in another region: correct s3.region, or AWS_REGION.'
    : `The bucket is in the region ${region}: set s3.region, or AWS_REGION, to it.`
}

function regionIn({ Region, $response }: Answer): string | undefined {
  return Region ?? $response?.headers?.['x-amz-bucket-region']
}

/** Whether there is no such object. */
export function isMissingObject(thrown: unknown): boolean {
  const { name } = (thrown ?? {}) as Answer
  return name === 'NoSuchKey' || name === 'NotFound'
}

/** Whether there is an object of that name already. */
export function isThereAlready(thrown: unknown): boolean {
  const { name, $metadata } = (thrown ?? {}) as Answer
  return name === 'PreconditionFailed' || $metadata?.httpStatusCode === 412
}

/** Whether another request makes the object at this moment; who wins is known when it is tried again. */
export function isContended(thrown: unknown): boolean {
  const { name, $metadata } = (thrown ?? {}) as Answer
  return name === 'ConditionalRequestConflict' || $metadata?.httpStatusCode === 409
}

/** Whether an object has no bytes in the range that was asked for: it is empty. */
export function isOutOfRange(thrown: unknown): boolean {
  return ((thrown ?? {}) as Answer).name === 'InvalidRange'
}

/** A service that overwrites an object that it was told not to. */
export function ignoresConditions(at: string): StreamerError {
  return new StreamerError(
    'STORAGE_UNAVAILABLE',
    'This S3 service ignores conditional puts (If-None-Match: *): two recorders could overwrite each other’s events.',
    {
      at,
      hint: 'Use AWS S3, or a version of the service that has conditional puts. Nothing was recorded.',
    }
  )
}
