import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { StreamerError, mayAsk } from '@boostercloud/streamer-connector'
import type { OwnNames } from '@boostercloud/streamer-connector'
import type { StreamingHealth } from './health/health'

/** Where it listens unless told otherwise: this machine only. */
const LOOPBACK = '127.0.0.1'
/** Hosts that are reached from this machine only. */
const LOOPBACKS = /^(?:127(?:\.\d+){3}|localhost|::1)$/i

/** What the endpoint shows. */
export interface Shown {
  health(): Promise<StreamingHealth>
  /** In Prometheus' text format. */
  metrics(): Promise<string>
}

interface Answer {
  readonly status: number
  readonly type: string
  readonly body: string
}

/** Where the endpoint listens. */
export interface HttpPlace {
  readonly port: number
  /** Default 127.0.0.1. */
  readonly host?: string
}

/** Health and metrics over HTTP; on this machine only, unless a host is named. */
export class HttpEndpoint {
  private constructor(private readonly server: Server) {}

  /** Resolves when it listens; rejects with `OPTION_INVALID` where the port is not to be had. */
  public static async listen({ port, host = LOOPBACK }: HttpPlace, shown: Shown): Promise<HttpEndpoint> {
    const allowed: OwnNames = LOOPBACKS.test(host) ? {} : { hosts: '*' }
    const server = createServer((request, response) => {
      answer(request, shown, allowed).then(
        (found) => send(response, found),
        () => send(response, text(500, 'The data could not be read.'))
      )
    })
    server.unref()
    await new Promise<void>((resolve, reject) => {
      server.once('error', (cause) => reject(unavailable({ port, host }, cause)))
      server.listen(port, host, resolve)
    })
    return new HttpEndpoint(server)
  }

  /** Its address: `http://127.0.0.1:` and the port, unless it listens elsewhere. */
  public get url(): string {
    const { address, family, port } = this.server.address() as AddressInfo
    return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`
  }

  /** Ends connections and listens no more. */
  public async close(): Promise<void> {
    this.server.closeAllConnections()
    await new Promise((resolve) => this.server.close(resolve))
  }
}

/** Nobody's page reads it: where it is for this machine only, whoever calls it by another name was lured here. */
async function answer(request: IncomingMessage, shown: Shown, allowed: OwnNames): Promise<Answer> {
  if (!mayAsk(request, allowed))
    return text(421, 'Requests must use the own names of this server, and must not come from web pages.')
  const { method, url = '/' } = request
  if (method !== 'GET' && method !== 'HEAD') return text(405, 'Only GET is supported.')
  const [path] = url.split('?')
  if (path === '/live') return text(200, 'The process runs.')
  if (path === '/health') {
    const health = await shown.health()
    return { status: health.healthy ? 200 : 503, type: 'application/json', body: JSON.stringify(health) }
  }
  if (path === '/metrics') return { status: 200, type: 'text/plain; version=0.0.4', body: await shown.metrics() }
  return text(404, 'The paths are /health, /live and /metrics.')
}

function text(status: number, body: string): Answer {
  return { status, type: 'text/plain', body }
}

function send(response: ServerResponse, { status, type, body }: Answer): void {
  response.writeHead(status, { 'content-type': `${type}; charset=utf-8`, 'cache-control': 'no-store' })
  response.end(body)
}

function unavailable({ port, host }: HttpPlace, cause: NodeJS.ErrnoException): StreamerError {
  const isPort = cause.code === 'EADDRINUSE' || cause.code === 'EACCES'
  return new StreamerError('OPTION_INVALID', `The server cannot listen on port ${port} of ${host}.`, {
    at: `config.streaming.observe.http.${isPort ? 'port' : 'host'}`,
    hint: isPort
      ? 'Use another port, or 0 for any free one.'
      : 'Use an address of this machine, such as 127.0.0.1, or 0.0.0.0 for all of them.',
    cause,
  })
}
