import type { ConnectionOptions } from 'node:tls'
import { StreamerError } from '@boostercloud/streamer-connector'

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

const KNOWN = ['url', 'auth', 'tls', 'timeoutMs']

/** Checks where a registry is, and completes it. Throws `OPTION_INVALID`, naming the option. */
export function registrySettings(options: string | RegistryOptions): RegistrySettings {
  const given = typeof options === 'string' ? { url: options } : options
  if (typeof given !== 'object' || given === null) throw invalid('registry', 'Give it the URL of the registry.')
  const unknown = Object.keys(given).find((name) => !KNOWN.includes(name))
  if (unknown !== undefined) throw invalid(`registry.${unknown}`, `The options of a registry are ${KNOWN.join(', ')}.`)
  const { auth, tls, timeoutMs = 10_000 } = given
  const url = urlOf(given.url)
  checkAuth(auth)
  checkTls(tls, url)
  checkTimeout(timeoutMs)
  return { url, auth, tls, timeoutMs }
}

function urlOf(text: unknown): URL {
  const url = typeof text === 'string' && URL.canParse(text) ? new URL(text) : undefined
  if (!url || !['http:', 'https:'].includes(url.protocol) || url.search !== '' || url.hash !== '') {
    throw invalid('registry.url', "Give it a URL with http: or https:, and without '?' or '#'.")
  }
  if (url.username !== '' || url.password !== '') {
    throw invalid('registry.url', 'Give who asks in registry.auth: a URL is written into logs.')
  }
  return url
}

function checkAuth(auth: unknown): void {
  if (auth === undefined) return
  const { username, password, token } = (auth ?? {}) as Record<string, unknown>
  const isBasic = typeof username === 'string' && typeof password === 'string' && !username.includes(':')
  const isToken = typeof token === 'string' && /^[\x21-\x7e]+$/.test(token)
  if (isBasic !== isToken) return
  throw invalid('registry.auth', 'Give it either a username and a password, or a token.')
}

function checkTls(tls: unknown, { protocol }: URL): void {
  if (tls === undefined || (typeof tls === 'object' && tls !== null && protocol === 'https:')) return
  throw invalid('registry.tls', 'Give it an object of TLS options, and the registry a URL with https:.')
}

function checkTimeout(ms: number): void {
  if (Number.isInteger(ms) && ms >= 1 && ms <= 3_600_000) return
  throw invalid('registry.timeoutMs', 'Give it a whole number of milliseconds from 1 to 3600000.')
}

function invalid(at: string, hint: string): StreamerError {
  return new StreamerError('OPTION_INVALID', `The option '${at}' is not valid.`, { at, hint })
}
