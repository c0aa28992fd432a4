/**
 * What the functions and their deployment agree on: by what ids Booster's rocket dispatcher (`dist/index.boosterRocketDispatcher`, variable
 * `BOOSTER_ROCKET_FUNCTION_ID`) finds each function, what the functions read in their environment, and the table of the state.
 * Imports nothing, so that both sides can.
 */

/** The functions, by what they do. */
export const FUNCTIONS = {
  /** Called with what a rule, a queue or a Kafka mapping delivers of one address (`VARIABLES.address`). */
  receive: 'streamers-receive',
  /** Called with the stream of the events table: publishes what was stored. One batch of a shard at a time. */
  publish: 'streamers-publish',
  /** Called by a schedule: publishes what is pending. */
  sweep: 'streamers-sweep',
  /** Called by a schedule: tries again what is parked and due, and stores delayed events that are. */
  retry: 'streamers-retry',
  /** Called by a schedule: polls one address (`VARIABLES.address`) until it is drained. */
  poll: 'streamers-poll',
} as const

/** Variables of the functions' environment. */
export const VARIABLES = {
  /** Of `receive` and `poll`: the address, with its topic. */
  address: 'BOOSTER_STREAMERS_ADDRESS',
  /** The name of the state's table. Of every function of the app. */
  table: 'BOOSTER_STREAMERS_TABLE',
  /** `true` where a `publish` function is on the stream of the events table. Of every function of the app. */
  stream: 'BOOSTER_STREAMERS_STREAM',
  /** How long a function may run, in milliseconds. Of the functions above; default 60,000. */
  timeoutMs: 'BOOSTER_STREAMERS_TIMEOUT_MS',
  /**
   * Where secrets are, as JSON: `{"KAFKA_PASSWORD":"arn:aws:secretsmanager:…"}`; the part of a secret that is a JSON object as `…#field`. Of every
   * function of the app, each of which may `secretsmanager:GetSecretValue` them.
   */
  secrets: 'BOOSTER_STREAMERS_SECRETS',
} as const

/** The state's table: what `CreateTable` is told. Billed by request; its time to live is `expiresAt`. */
export const STATE_TABLE = {
  partitionKey: { name: 'pk', type: 'S' },
  sortKey: { name: 'sk', type: 'S' },
  localIndexes: [
    { name: 'by-place', sortKey: { name: 'place', type: 'N' }, projection: 'ALL' },
    { name: 'by-lane', sortKey: { name: 'lane', type: 'S' }, projection: 'ALL' },
  ],
  timeToLive: 'expiresAt',
} as const

/** What the functions do with the state's table and, where it is `Query`, with its indexes; and so what they are allowed to. */
export const STATE_ACTIONS = [
  'dynamodb:BatchGetItem',
  'dynamodb:DeleteItem',
  'dynamodb:PutItem',
  'dynamodb:Query',
  'dynamodb:UpdateItem',
] as const
