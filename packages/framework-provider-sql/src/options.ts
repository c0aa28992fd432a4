import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { ConnectionOptions } from 'node:tls'
import type { BoosterConfig } from '@boostercloud/framework-types'
import { StreamerError } from '@boostercloud/streamer-connector'
import type { OwnNames } from '@boostercloud/streamer-connector'
import { PLAIN_NAME } from './database/dialect'

/**
 * How the provider stores and dispatches; given as `config.sqlProvider`. Everything has a default.
 * @public
 */
export interface SqlProviderOptions {
  /**
   * `postgres://user:password@host:5432/database`, or `sqlite`. Default: the variable `DATABASE_URL`; where it is not set, SQLite.
   */
  readonly url?: string
  /** The folder of the SQLite file. Default: `.booster/sql/<environment>` in the working directory. */
  readonly folder?: string
  /**
   * SQLite: `FULL`: what is resolved survives the loss of power. `NORMAL`: it survives the death of the process; the loss of power may take
   * the newest writes, and leaves the file whole. Default `FULL`.
   */
  readonly synchronous?: 'FULL' | 'NORMAL'
  /** PostgreSQL: the schema that holds the tables; made if it is not there. Default: one of the app and the environment. */
  readonly schema?: string
  /** PostgreSQL: the most connections of this process. Default 8. */
  readonly poolSize?: number
  /** PostgreSQL: encryption: true, or what Node's `tls.connect` takes. Default: what the address says (`?sslmode=`). */
  readonly ssl?: boolean | ConnectionOptions
  /**
   * `afterwards`: a command is answered when its events are stored; handlers and read models follow. `awaited`: it is answered when they
   * have followed, as with Booster's local provider. Default `afterwards`.
   */
  readonly dispatch?: 'afterwards' | 'awaited'
  /**
   * What becomes of an event whose handler throws. `retry`: it is tried again, with growing delays, until it succeeds; later events of its
   * entity wait for it, their read models do not. `log`: Booster's own behaviour, it is logged and given up. Default `retry`.
   */
  readonly onHandlerError?: 'retry' | 'log'
  /**
   * Who may ask the service's own HTTP and WebSocket servers. `hosts`: further names by which it is called, without the port, as `orders.example`; default none:
   * `localhost`, addresses, and the machine's name. `origins`: pages that may ask it (CORS), as `https://shop.example`; default none: only its own. What
   * another asks is answered with 403. `'*'` is any.
   */
  readonly http?: OwnNames
  /** Fields of read models that get an index, as `{ PostReadModel: ['authorId', 'address.city'] }`. */
  readonly indexes?: Readonly<Record<string, readonly string[]>>
}

declare module '@boostercloud/framework-types' {
  interface BoosterConfig {
    /** For `@boostercloud/framework-provider-sql`. */
    sqlProvider?: SqlProviderOptions
  }
}

/** Options with their defaults. */
export interface ResolvedOptions {
  /** Undefined: SQLite. */
  readonly url?: string
  readonly folder: string
  readonly synchronous: 'FULL' | 'NORMAL'
  readonly schema: string
  readonly poolSize: number
  readonly ssl?: boolean | ConnectionOptions
  readonly dispatch: 'afterwards' | 'awaited'
  readonly onHandlerError: 'retry' | 'log'
  readonly http: OwnNames
  /** Read model, and path of the field. */
  readonly indexes: readonly { readonly readModel: string; readonly field: readonly string[] }[]
}

const CHOICES = {
  synchronous: ['FULL', 'NORMAL'],
  dispatch: ['afterwards', 'awaited'],
  onHandlerError: ['retry', 'log'],
} as const

const KNOWN = ['url', 'folder', 'schema', 'poolSize', 'ssl', 'indexes', 'http', ...Object.keys(CHOICES)]

/** The options of an app. Throws `OPTION_INVALID`; never repeats the address, which may have a password in it. */
export function optionsOf(config: BoosterConfig, environment: NodeJS.ProcessEnv = process.env): ResolvedOptions {
  const options = config.sqlProvider ?? {}
  refuseUnknown(options)
  const { DATABASE_URL } = environment
  const { url = DATABASE_URL === '' ? undefined : DATABASE_URL, indexes = {}, http = {}, ...given } = options
  return {
    folder: join(process.cwd(), '.booster', 'sql', config.environmentName),
    synchronous: 'FULL',
    schema: schemaOf(config.appName, config.environmentName),
    poolSize: 8,
    dispatch: 'afterwards',
    onHandlerError: 'retry',
    ...withoutUndefined(given),
    url: addressOf(url),
    http: { hosts: hostsOf(http.hosts), origins: originsOf(http.origins) },
    indexes: Object.entries(indexes).flatMap(([readModel, fields]) => fields.map((field) => indexOf(readModel, field))),
  }
}

function refuseUnknown(options: SqlProviderOptions): void {
  for (const option of Object.keys(options)) {
    if (!KNOWN.includes(option)) throw invalid(option, 'is unknown', `Known are ${KNOWN.join(', ')}.`)
  }
  for (const [option, choices] of Object.entries(CHOICES)) {
    const value = options[option as keyof typeof CHOICES]
    if (value !== undefined && !(choices as readonly string[]).includes(value)) {
      throw invalid(option, 'is none of its values', `Choose ${choices.join(' or ')}.`)
    }
  }
}

function withoutUndefined<T extends object>(options: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as never
}

function addressOf(url: string | undefined): string | undefined {
  if (url === undefined || url === 'sqlite') return undefined
  if (URL.canParse(url) && ['postgres:', 'postgresql:'].includes(new URL(url).protocol)) return url
  throw invalid(
    'url',
    'is no address of a database that is known here',
    'Write postgres://user:password@host:5432/database, or sqlite.'
  )
}

function hostsOf(hosts: OwnNames['hosts'] = []): OwnNames['hosts'] {
  if (hosts === '*') return hosts
  const wrong = hosts.find((host) => !URL.canParse(`http://${host}`) || new URL(`http://${host}`).host !== host)
  if (wrong === undefined && !hosts.some((host) => host.includes(':'))) return hosts
  throw invalid(
    'http.hosts',
    'is no list of names',
    "Write names in small letters without the port, as ['orders.example'], or '*'."
  )
}

function originsOf(origins: OwnNames['origins'] = []): OwnNames['origins'] {
  if (origins === '*' || origins.every((origin) => URL.canParse(origin) && new URL(origin).origin === origin))
    return origins
  throw invalid(
    'http.origins',
    'is no list of origins',
    "Write origins without a path, as ['https://shop.example'], or '*'."
  )
}

function indexOf(readModel: string, field: string): { readModel: string; field: readonly string[] } {
  const path = field.split('.')
  if ([readModel, ...path].every((name) => PLAIN_NAME.test(name))) return { readModel, field: path }
  throw invalid('indexes', `names '${readModel}.${field}'`, 'Name a read model, and fields as address.city.')
}

/** A schema of an app: told apart by a digest where its name had to be changed to be a plain one. */
function schemaOf(appName: string, environment: string): string {
  const readable = `booster_${appName}_${environment}`
  const plain = readable.toLowerCase().replace(/[^a-z0-9_]/g, '_')
  if (plain === readable && plain.length <= 63) return plain
  const digest = createHash('sha256').update(readable).digest('hex').slice(0, 8)
  return `${plain.slice(0, 54)}_${digest}`
}

function invalid(option: string, what: string, hint: string): StreamerError {
  return new StreamerError('OPTION_INVALID', `The option '${option}' ${what}.`, { at: 'config.sqlProvider', hint })
}
