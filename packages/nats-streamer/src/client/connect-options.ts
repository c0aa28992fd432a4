import { readFileSync } from 'node:fs'
import { credsAuthenticator, nkeyAuthenticator } from '@nats-io/nats-core'
import type { NodeConnectionOptions } from '@nats-io/transport-node'
import type { NatsStreamerSettings } from '../options'

const RECONNECT_MS = 250
const PING_MS = 10_000

/** What the client is told: it comes back by itself for ever, and notices within seconds that a server is silent. */
export function connectOptions(settings: NatsStreamerSettings, name: string | undefined): NodeConnectionOptions {
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

function authenticator({ nkeySeed, credsFile }: NatsStreamerSettings): NodeConnectionOptions {
  if (credsFile !== undefined) return { authenticator: credsAuthenticator(() => readFileSync(credsFile)) }
  if (nkeySeed !== undefined) return { authenticator: nkeyAuthenticator(Buffer.from(nkeySeed)) }
  return {}
}

function tls({ tls, servers }: NatsStreamerSettings): NodeConnectionOptions {
  if (tls === false) return { tls: null }
  if (tls === undefined) return servers.some((server) => /^tls:/i.test(server)) ? { tls: {} } : {}
  return { tls: tls === true ? {} : { ...tls } }
}
