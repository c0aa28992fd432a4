import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { StreamerError } from '@boostercloud/streamer-connector'
import type { StreamingHealth } from './health'

const HOST = '127.0.0.1'
/** Names under which this machine calls itself: a page that a browser was lured to calls it otherwise. */
const OWN_NAMES = /^(?:127\.0\.0\.1|localhost)(?::\d+)?$/

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

/** Health and metrics over HTTP, on this machine only. */
export class HttpEndpoint {
  private constructor(private readonly server: Server) {}

  /** Resolves when it listens; rejects with `OPTION_INVALID` where the port is not to be had. */
  public static async listen(port: number, shown: Shown): Promise<HttpEndpoint> {
    const server = createServer((request, response) => {
      answer(request, shown).then(
        (found) => send(response, found),
        () => send(response, text(500, 'This could not be read.'))
      )
    })
    server.unref()
    await new Promise<void>((resolve, reject) => {
      server.once('error', (cause) => reject(unavailable(port, cause)))
      server.listen(port, HOST, resolve)
    })
    return new HttpEndpoint(server)
  }

  /** `http://127.0.0.1:` and the port. */
  public get url(): string {
    return `http://${HOST}:${(this.server.address() as AddressInfo).port}`
  }

  /** Ends connections and listens no more. */
  public async close(): Promise<void> {
    this.server.closeAllConnections()
    await new Promise((resolve) => this.server.close(resolve))
  }
}

async function answer({ method, url = '/', headers }: IncomingMessage, shown: Shown): Promise<Answer> {
  if (!OWN_NAMES.test(headers.host ?? '')) return text(421, 'This is for 127.0.0.1 only.')
  if (method !== 'GET' && method !== 'HEAD') return text(405, 'Only GET is answered.')
  const [path] = url.split('?')
  if (path === '/health') {
    const health = await shown.health()
    return { status: health.healthy ? 200 : 503, type: 'application/json', body: JSON.stringify(health) }
  }
  if (path === '/metrics') return { status: 200, type: 'text/plain; version=0.0.4', body: await shown.metrics() }
  return text(404, 'There are /health and /metrics.')
}

function text(status: number, body: string): Answer {
  return { status, type: 'text/plain', body }
}

function send(response: ServerResponse, { status, type, body }: Answer): void {
  response.writeHead(status, { 'content-type': `${type}; charset=utf-8`, 'cache-control': 'no-store' })
  response.end(body)
}

function unavailable(port: number, cause: Error): StreamerError {
  return new StreamerError('OPTION_INVALID', `Port ${port} of ${HOST} cannot be listened at.`, {
    at: 'config.streaming.observe.http.port',
    hint: 'Name another port, or 0 for any free one.',
    cause,
  })
}
