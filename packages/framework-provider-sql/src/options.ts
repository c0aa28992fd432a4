import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { ConnectionOptions } from 'node:tls'
import type { BoosterConfig } from '@boostercloud/framework-types'
import { isObject, option, settingsOf } from '@boostercloud/streamer-connector'
import type { CredentialsProvider, OwnNames, SchemaOf, SettingsOf } from '@boostercloud/streamer-connector'
import { SCHEMA_OPTIONS, isPostgresAddress } from '@boostercloud/streamers-postgres'
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
   * PostgreSQL: returns user and password before each attempt to connect, in place of those of the address. So a password can be rotated without a restart. Default: those of the
   * address.
   */
  readonly credentials?: CredentialsProvider
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

const SQLITE = 'sqlite'
const LISTS = "a list, or '*'"

/** What each option takes, and its default. An address may have a password in it. */
const OPTIONS = {
  ...SCHEMA_OPTIONS,
  url: option.of<string>('postgres://user:password@host:5432/database, or sqlite', isAddress).secret,
  folder: option.text,
  synchronous: option.oneOf('FULL', 'NORMAL').or('FULL'),
  dispatch: option.oneOf('afterwards', 'awaited').or('afterwards'),
  onHandlerError: option.oneOf('retry', 'log').or('retry'),
  http: option.group({
    hosts: option.of<NonNullable<OwnNames['hosts']>>(
      `${LISTS} of names in small letters without the port, such as ['orders.example']`,
      areHosts
    ),
    origins: option.of<NonNullable<OwnNames['origins']>>(
      `${LISTS} of origins without a path, such as ['https://shop.example']`,
      areOrigins
    ),
  } satisfies SchemaOf<OwnNames>),
  indexes: option
    .of<Readonly<Record<string, readonly string[]>>>(
      'an object of lists by the names of read models, each field in the form address.city',
      areIndexes
    )
    .or({}),
} satisfies SchemaOf<SqlProviderOptions>

type Settings = SettingsOf<typeof OPTIONS>

/** Options with their defaults. */
export interface ResolvedOptions extends Omit<Settings, 'indexes'> {
  /** Undefined: SQLite. */
  readonly url?: string
  readonly folder: string
  readonly schema: string
  /** Read model, and path of the field. */
  readonly indexes: readonly { readonly readModel: string; readonly field: readonly string[] }[]
}

/** The options of an app. Throws `OPTION_INVALID`; never repeats the address, which may have a password in it. */
export function optionsOf(config: BoosterConfig, environment: NodeJS.ProcessEnv = process.env): ResolvedOptions {
  const { DATABASE_URL } = environment
  const { url: given = DATABASE_URL === '' ? undefined : DATABASE_URL, ...others } = config.sqlProvider ?? {}
  const { url, indexes, ...settings } = settingsOf('config.sqlProvider', OPTIONS, { ...others, url: given })
  return {
    folder: join(process.cwd(), '.booster', 'sql', config.environmentName),
    schema: schemaOf(config.appName, config.environmentName),
    ...settings,
    url: url === SQLITE ? undefined : url,
    indexes: Object.entries(indexes).flatMap(([readModel, fields]) =>
      fields.map((field) => ({ readModel, field: field.split('.') }))
    ),
  }
}

function isAddress(url: unknown): boolean {
  return url === SQLITE || isPostgresAddress(url)
}

function areHosts(hosts: unknown): boolean {
  return isAnyOr(hosts, (host) => {
    return !host.includes(':') && URL.canParse(`http://${host}`) && new URL(`http://${host}`).host === host
  })
}

function areOrigins(origins: unknown): boolean {
  return isAnyOr(origins, (origin) => URL.canParse(origin) && new URL(origin).origin === origin)
}

function isAnyOr(names: unknown, isOne: (name: string) => boolean): boolean {
  return names === '*' || (Array.isArray(names) && names.every((name) => typeof name === 'string' && isOne(name)))
}

function areIndexes(indexes: unknown): boolean {
  if (!isObject(indexes)) return false
  return Object.entries(indexes).every(
    ([readModel, fields]) =>
      Array.isArray(fields) &&
      fields.every((field) => typeof field === 'string' && [readModel, ...field.split('.')].every(isPlainName))
  )
}

function isPlainName(name: string): boolean {
  return PLAIN_NAME.test(name)
}

/** A schema of an app: told apart by a digest where its name had to be changed to be a plain one. */
function schemaOf(appName: string, environment: string): string {
  const readable = `booster_${appName}_${environment}`
  const plain = readable.toLowerCase().replace(/[^a-z0-9_]/g, '_')
  if (plain === readable && plain.length <= 63) return plain
  const digest = createHash('sha256').update(readable).digest('hex').slice(0, 8)
  return `${plain.slice(0, 54)}_${digest}`
}
