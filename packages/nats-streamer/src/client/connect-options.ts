import { readFileSync } from 'node:fs'
import { askCredentials } from '@boostercloud/streamer-connector'
import type { Credentials, CredentialsProvider } from '@boostercloud/streamer-connector'
import { credsAuthenticator, nkeyAuthenticator } from '@nats-io/nats-core'
import type { NodeConnectionOptions } from '@nats-io/transport-node'
import type { NatsStreamerSettings } from '../options'
import type { ConnectOptions } from './connect'

const RECONNECT_MS = 250
const PING_MS = 10_000

/** What the client is told: it comes back by itself for ever, and notices within seconds that a server is silent. */
export function connectOptions(settings: NatsStreamerSettings, name: string | undefined): ConnectOptions {
  const { servers, user, pass, token, inboxPrefix, connectTimeoutMs } = settings
  return {
    servers: [...servers],
    name,
    user,
    pass,
    token,
    inboxPrefix,
    timeout: connectTimeoutMs,
    maxReconnectAttempts: -1,
    reconnectTimeWait: RECONNECT_MS,
    pingInterval: PING_MS,
    maxPingOut: 2,
    // A trace for each request costs more than the request.
    noAsyncTraces: true,
    ...authenticator(settings),
    ...tls(settings),
  }
}

function authenticator(settings: NatsStreamerSettings): ConnectOptions {
  const { nkeySeed, credsFile, credentials, connectTimeoutMs } = settings
  if (credentials !== undefined) return asking(credentials, connectTimeoutMs)
  if (credsFile !== undefined) return { authenticator: credsAuthenticator(() => readFileSync(credsFile)) }
  if (nkeySeed !== undefined) return { authenticator: nkeyAuthenticator(Buffer.from(nkeySeed)) }
  return {}
}

/** The client asks for a login while it connects, and does not wait for it: so it is there before. */
function asking(provider: CredentialsProvider, limitMs: number): ConnectOptions {
  let login: Credentials | undefined
  return {
    beforeConnecting: async () => void (login = await askCredentials(provider, { limitMs })),
    authenticator: () => ({ user: login?.username ?? '', pass: login?.password }),
  }
}

function tls({ tls, servers }: NatsStreamerSettings): NodeConnectionOptions {
  if (tls === false) return { tls: null }
  if (tls === undefined) return servers.some((server) => /^tls:/i.test(server)) ? { tls: {} } : {}
  return { tls: tls === true ? {} : { ...tls } }
}
