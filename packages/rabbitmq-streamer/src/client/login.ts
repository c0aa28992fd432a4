import { askCredentials } from '@boostercloud/streamer-connector'
import { credentials } from 'amqplib'
import type { RabbitMQStreamerSettings } from '../options'

/** What amqplib takes as such. */
type Credentials = ReturnType<typeof credentials.plain> | ReturnType<typeof credentials.external>

/** Whom RabbitMQ knows in a new installation: what a URL without user and password means. */
const NOBODY = 'guest'

/** Who a client is for its next connection: what the option `credentials` returns, else what the URL or the certificate says. */
export async function loginFor(
  url: string,
  { auth, credentials: provider, connectTimeoutMs }: RabbitMQStreamerSettings
): Promise<Credentials> {
  if (provider === undefined) return loginOf(url, auth)
  const { username, password } = await askCredentials(provider, { limitMs: connectTimeoutMs })
  return credentials.plain(username, password)
}

/**
 * How a client says who it is. User and password are read from the URL as UTF-8 (RFC 3986 §2.5), by which RabbitMQ has them too; amqplib reads them as
 * Latin-1. A percent-encoding that is not UTF-8 is read as Latin-1, as it always was.
 */
export function loginOf(url: string, auth: RabbitMQStreamerSettings['auth']): Credentials {
  if (auth === 'certificate') return credentials.external()
  const { username, password } = new URL(url)
  if (username === '' && password === '') return credentials.plain(NOBODY, NOBODY)
  return credentials.plain(decoded(username), decoded(password))
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
  }
}
