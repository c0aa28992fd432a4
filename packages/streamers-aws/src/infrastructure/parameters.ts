import { StreamerError } from '@boostercloud/streamer-connector'

/**
 * What the rocket is told; everything has a default. Plain data without a secret: it stands in the app's config.
 * @public
 */
export interface AwsStreamingParameters {
  /**
   * Secrets that the functions find in their environment, by variable: the ARN of each in Secrets Manager, of a field of a JSON secret as
   * `ARN#field`. Only the ARN stands in the template. Default: none.
   */
  readonly secrets?: Readonly<Record<string, string>>
  /** How Kafka clusters are reached, by the ids of their streamers. Default: by the streamer's brokers, without authentication. */
  readonly kafka?: Readonly<Record<string, KafkaAccess>>
  /**
   * From where in a VPC functions connect to a broker, by the ids of its streamers: those that publish to it, poll it, or read its topics. Default:
   * from outside of any. In a VPC they reach AWS's services through its endpoints or a NAT only.
   */
  readonly networks?: Readonly<Record<string, Network>>
  /** Event buses that this service's stack makes, by name; any other is there already, made by another service's stack. Default: none. */
  readonly eventBuses?: readonly string[]
  /** How long a function may run, in seconds. Default 60. */
  readonly timeoutSeconds?: number
  /** Memory of a function, in MB. Default 1024, as of Booster's own functions. */
  readonly memoryMb?: number
  /** How often the schedules call: to publish what is pending, to try again what is parked, and to poll; in whole minutes. Default 1. */
  readonly everyMinutes?: number
  /** After how many receipts SQS puts a message aside that no function could take: neither settle, nor park. Default 10. */
  readonly maxReceives?: number
  /** How long logs of these functions are kept, in days, as CloudWatch allows. Default 30. */
  readonly logDays?: number
  /** What of Booster's own deployment is fixed; see the page on deploying. Each can be switched off. Default: all. */
  readonly fixes?: Fixes
}

/**
 * What is fixed in what Booster 2.10.1 deploys.
 * @public
 */
export interface Fixes {
  /** The runtime of Booster's functions; `false` leaves them as they are. Default `nodejs22.x`. */
  readonly runtime?: string | false
  /** Leaves out of the functions' code what no function reads. A list leaves out these patterns. Default: `LEFT_OUT`. */
  readonly size?: false | readonly string[]
  /** Writes out the wildcards in the actions of Booster's policies. Default true. */
  readonly actions?: boolean
}

/**
 * How the cloud reaches a cluster.
 * @public
 */
export interface KafkaAccess {
  /** The ARN of an Amazon MSK cluster. Default: a cluster of one's own, at the brokers that the streamer names. */
  readonly cluster?: string
  /** How the functions and the mapping say who they are. Default: not at all. `iam` is for MSK only. */
  readonly authentication?: 'iam' | 'scram-sha-256' | 'scram-sha-512' | 'plain' | 'tls'
  /** The ARN of the secret with the credentials, for all but `iam`. */
  readonly secret?: string
  /** The ARN of the secret with the authority that signed the brokers' certificates. Only a cluster of one's own. */
  readonly authority?: string
}

/**
 * A place in a VPC.
 * @experimental
 */
export interface Network {
  /** Their ids. */
  readonly subnets: readonly string[]
  /** Their ids. */
  readonly securityGroups: readonly string[]
}

/** The runtime of functions: the newest that Lambda and this repository's tests both have. */
export const RUNTIME = 'nodejs22.x'

/** Parameters with their defaults. */
export type Settings = Required<Omit<AwsStreamingParameters, 'fixes'>> & { readonly fixes: Fixes }

const DEFAULTS: Settings = {
  secrets: {},
  kafka: {},
  networks: {},
  eventBuses: [],
  timeoutSeconds: 60,
  memoryMb: 1024,
  everyMinutes: 1,
  maxReceives: 10,
  logDays: 30,
  fixes: {},
}

/** Completes and checks them. Throws `OPTION_INVALID`. */
export function settingsFrom(parameters: AwsStreamingParameters = {}): Settings {
  const given = Object.entries(parameters).filter(([, value]) => value !== undefined)
  const unknown = given.find(([name]) => !(name in DEFAULTS))
  if (unknown) throw invalid(unknown[0], 'there is no such parameter')
  const settings: Settings = { ...DEFAULTS, ...(Object.fromEntries(given) as AwsStreamingParameters) }
  for (const [name, least, most] of LIMITS) checkWhole(name, settings[name], least, most)
  for (const [variable, place] of Object.entries(settings.secrets)) checkSecret(`secrets.${variable}`, place)
  for (const [id, access] of Object.entries(settings.kafka)) checkAccess(`kafka.${id}`, access)
  return settings
}

type Amount = 'timeoutSeconds' | 'memoryMb' | 'everyMinutes' | 'maxReceives' | 'logDays'

// A queue hides what it has handed out for six times as long as a function may run, and for twelve hours at most.
const LIMITS: ReadonlyArray<readonly [name: Amount, least: number, most: number]> = [
  ['timeoutSeconds', 5, 900],
  ['memoryMb', 128, 10_240],
  ['everyMinutes', 1, 1_440],
  ['maxReceives', 2, 1_000],
  ['logDays', 1, 3_653],
]

function checkWhole(name: string, value: unknown, least: number, most: number): void {
  if (Number.isInteger(value) && (value as number) >= least && (value as number) <= most) return
  throw invalid(name, `it must be a whole number from ${least} to ${most}`)
}

function checkSecret(name: string, place: unknown): void {
  if (typeof place === 'string' && /^arn:[\w-]+:secretsmanager:/.test(place)) return
  throw invalid(name, 'it must be the ARN of a secret in Secrets Manager, never the secret')
}

function checkAccess(name: string, access: KafkaAccess): void {
  const { cluster, secret, authority } = access
  const authentication: string = access.authentication ?? 'none'
  if (secret !== undefined) checkSecret(`${name}.secret`, secret)
  if (authority !== undefined) checkSecret(`${name}.authority`, authority)
  const known = cluster === undefined ? OWN_CLUSTER : MSK
  if (!known.has(authentication)) {
    const where = cluster === undefined ? 'a self-managed cluster, whose ARN is not given,' : 'MSK'
    throw invalid(`${name}.authentication`, `${where} knows ${[...known].join(', ')}`)
  }
  if (WITHOUT_SECRET.has(authentication) || secret !== undefined) return
  throw invalid(`${name}.secret`, `'${authentication}' needs the ARN of a secret`)
}

const OWN_CLUSTER: ReadonlySet<string> = new Set(['none', 'plain', 'scram-sha-256', 'scram-sha-512', 'tls'])
const MSK: ReadonlySet<string> = new Set(['none', 'iam', 'scram-sha-512', 'tls'])
const WITHOUT_SECRET: ReadonlySet<string> = new Set(['none', 'iam'])

function invalid(name: string, why: string): StreamerError {
  return new StreamerError('OPTION_INVALID', `The parameter ${name} is wrong: ${why}.`, {
    at: 'config.rockets',
    hint: 'Fix the parameter.',
  })
}
