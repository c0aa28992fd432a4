import { isObject, isText, option } from '@boostercloud/streamer-connector'
import type { SchemaOf } from '@boostercloud/streamer-connector'

/**
 * Who asks S3.
 * @experimental
 */
export interface LakeS3Credentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
  /** When they end; a function is asked for new ones before that. */
  readonly expiration?: Date
}

/**
 * A lake in a bucket of S3, or of a service that speaks its protocol and has conditional puts (`If-None-Match: *`).
 * @experimental
 */
export interface LakeS3Options {
  readonly bucket: string
  /** What the names of all objects of the lake begin with, as `events/lake`. Default: the lake has the whole bucket. */
  readonly prefix?: string
  /** As `eu-west-1`. Default: what the AWS SDK finds, as `AWS_REGION`. */
  readonly region?: string
  /** Another address than AWS's own, as `http://127.0.0.1:9000`. Buckets are part of the path there. Default: what the AWS SDK finds, as `AWS_ENDPOINT_URL_S3`. */
  readonly endpoint?: string
  /** Who asks. Default: what the AWS SDK finds: the environment, a profile, a role. */
  readonly credentials?: LakeS3Credentials | (() => Promise<LakeS3Credentials>)
  /**
   * How S3 encrypts what is written: with its own keys (`AES256`), with keys of KMS (`aws:kms`), or as the bucket says (`bucket`), for services that refuse
   * the header. Default `AES256`, or `aws:kms` where `kmsKeyId` is given.
   */
  readonly encryption?: 'AES256' | 'aws:kms' | 'bucket'
  /** The key of KMS. Default: that of the account for S3. */
  readonly kmsKeyId?: string
}

/** What each option takes, and its default. */
export const S3_OPTIONS = {
  bucket: option.matching("the name of a bucket, such as 'event-lake'", /^[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]$/).required,
  prefix: option.of<string>("a text such as 'events/lake'", (value) => typeof value === 'string' && isPrefix(value)),
  region: option.matching("a region, as 'eu-west-1'", /^[a-z0-9-]{1,40}$/),
  endpoint: option.of<string>("a URL such as 'https://host', without user and password", isUrl).secret,
  credentials: option.of<NonNullable<LakeS3Options['credentials']>>(
    'an object with accessKeyId and secretAccessKey, or a function that returns one',
    areCredentials
  ).secret,
  encryption: option.oneOf('AES256', 'aws:kms', 'bucket'),
  kmsKeyId: option.text,
} satisfies SchemaOf<LakeS3Options>

/** A place as `s3://bucket/prefix`; undefined for a folder. */
export function s3OptionsOf(place: string): LakeS3Options | undefined {
  const [, bucket, prefix] = /^s3:\/\/([^/]*)(?:\/(.*))?$/s.exec(place) ?? []
  if (bucket === undefined) return undefined
  return { bucket, ...(prefix !== undefined && prefix !== '' && { prefix }) }
}

/** Names of objects take nearly everything; what cannot be told apart in a path is refused. */
function isPrefix(value: string): boolean {
  if (/[\u0000-\u001f\u007f]/.test(value) || Buffer.byteLength(value) > 700) return false
  return value.split('/').every((part) => part !== '.' && part !== '..')
}

function isUrl(value: unknown): boolean {
  if (typeof value !== 'string' || !URL.canParse(value)) return false
  const { protocol, hostname, username, password } = new URL(value)
  return ['http:', 'https:'].includes(protocol) && hostname !== '' && username === '' && password === ''
}

function areCredentials(value: unknown): boolean {
  return typeof value === 'function' || (isObject(value) && isText(value.accessKeyId) && isText(value.secretAccessKey))
}
