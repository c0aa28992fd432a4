import { createServer, request } from 'node:http'
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { ServerOptions } from 'node:https'
import type { AddressInfo } from 'node:net'

/** What stands in the way of a request; answers whether it has answered. */
export type Gate = (request: IncomingMessage, response: ServerResponse) => boolean

/** Something in front of a registry: hands on what its gate lets through, and counts. Stopped by who started it. */
export class Front {
  /** Requests that came in, as `GET /schemas/ids/1`. */
  public readonly requests: string[] = []
  public gate: Gate = () => false

  private constructor(
    private readonly server: Server,
    /** What to give a codec. */
    public readonly url: string
  ) {}

  /** `tls`: certificate and key, to be reached by https. */
  public static async start(target: string, tls?: ServerOptions): Promise<Front> {
    const listen: RequestListener = (incoming, response) => front.handle(incoming, response, target)
    const server = tls ? createSecureServer(tls, listen) : createServer(listen)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const front = new Front(server, `${tls ? 'https' : 'http'}://127.0.0.1:${port}${new URL(target).pathname}`)
    return front
  }

  public async stop(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.server.close(() => resolve())
      this.server.closeAllConnections()
    })
  }

  /** The same port again. */
  public async restart(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(Number(new URL(this.url).port), '127.0.0.1', resolve))
  }

  private handle(incoming: IncomingMessage, response: ServerResponse, target: string): void {
    const { pathname } = new URL(target)
    this.requests.push(`${incoming.method} ${String(incoming.url).slice(pathname.length)}`)
    if (this.gate(incoming, response)) return
    const { authorization: _, ...headers } = incoming.headers
    const outgoing = request(
      new URL(String(incoming.url), target),
      { method: incoming.method, headers, agent: false },
      (answer) => {
        response.writeHead(answer.statusCode ?? 500, answer.headers)
        answer.pipe(response)
      }
    )
    outgoing.on('error', () => response.destroy())
    incoming.pipe(outgoing)
  }
}
