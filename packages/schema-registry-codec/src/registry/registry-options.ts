import type { ConnectionOptions } from 'node:tls'
import { isObject, option, optionError, settingsOf } from '@boostercloud/streamer-connector'
import type { SchemaOf, SettingsOf } from '@boostercloud/streamer-connector'

/**
 * Where a schema registry is, and who asks.
 * @public
 */
export interface RegistryOptions {
  /** Its URL, with the path that its API has there: `https://registry.acme.com`, `http://localhost:8080/apis/ccompat/v7`. */
  readonly url: string
  /** Default: none. */
  readonly auth?: { readonly username: string; readonly password: string } | { readonly token: string }
  /** How its certificate is checked, and ours shown; Node's options of `tls.connect`. Only with `https:`. */
  readonly tls?: Pick<
    ConnectionOptions,
    'ca' | 'cert' | 'key' | 'passphrase' | 'pfx' | 'rejectUnauthorized' | 'servername'
  >
  /** How long one answer may take; milliseconds. Default 10 000. */
  readonly timeoutMs?: number
}

/** The same, complete and valid. */
export interface RegistrySettings extends Omit<Required<RegistryOptions>, 'url' | 'auth' | 'tls'> {
  readonly url: URL
  readonly auth?: RegistryOptions['auth']
  readonly tls?: RegistryOptions['tls']
}

const HAS_URL = "a URL with http: or https:, without '?' or '#', and without a user: a URL is written into logs"

/** What each option of a registry takes, and its default. */
export const REGISTRY = {
  url: option.of<string>(HAS_URL, isUrl).required.secret,
  auth: option.of<NonNullable<RegistryOptions['auth']>>('either a username and a password, or a token', isAuth).secret,
  tls: option.of<NonNullable<RegistryOptions['tls']>>('an object of TLS options', isObject).secret,
  timeoutMs: option.milliseconds(1, 3_600_000).or(10_000),
} satisfies SchemaOf<RegistryOptions>

/** Checks where a registry is, and completes it. Throws `OPTION_INVALID`, naming the option. */
export function registrySettings(options: string | RegistryOptions): RegistrySettings {
  const { registry } = settingsOf(
    'The schema registry',
    { registry: option.groupOrNone(REGISTRY).required },
    { registry: registryOf(options) }
  )
  return completed(registry, 'The schema registry')
}

/** A registry that is given by its URL alone, as its options. */
export function registryOf(options: unknown): unknown {
  return typeof options === 'string' ? { url: options } : options
}

/** Throws `OPTION_INVALID` where a certificate is to be shown to somebody who asks for none. */
export function completed({ url: text, ...registry }: SettingsOf<typeof REGISTRY>, owner: string): RegistrySettings {
  const url = new URL(text)
  if (registry.tls === undefined || url.protocol === 'https:') return { ...registry, url }
  const hint = 'Give the registry a URL with https:.'
  throw optionError(owner, [{ at: 'registry.tls', what: 'is given, and its URL is not https:', hint }])
}

function isUrl(value: unknown): boolean {
  const url = typeof value === 'string' && URL.canParse(value) ? new URL(value) : undefined
  if (!url || !['http:', 'https:'].includes(url.protocol)) return false
  return [url.search, url.hash, url.username, url.password].every((part) => part === '')
}

function isAuth(value: unknown): boolean {
  const { username, password, token } = (value ?? {}) as Record<string, unknown>
  const isBasic = typeof username === 'string' && typeof password === 'string' && !username.includes(':')
  const isToken = typeof token === 'string' && /^[\x21-\x7e]+$/.test(token)
  return isBasic !== isToken
}
