import { Server, ServerResponse } from 'node:http'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'

/** Who may ask a development server, besides what has no browser around it. */
export interface OwnNames {
  /** Origins whose pages may: `http://localhost:5173`. */
  readonly origins: readonly string[]
}

const OWN = new Set(['localhost', '127.0.0.1', '[::1]'])
const ALLOW_ORIGIN = 'access-control-allow-origin'
const REFUSAL = 'Only pages of this server, by its own names, may ask it. Allow others with --cors ORIGIN.\n'

/**
 * Has every HTTP server of this process answer 403 to requests and upgrades (WebSocket) for a foreign `Host`, as of a name that was
 * rebound to this machine, and of pages from elsewhere. Its answers name no other origin than those given; Booster's local provider would name
 * `*`. Answers how to undo it.
 */
export function answerOwnNamesOnly(allowed: OwnNames): () => void {
  const inherited = Object.getOwnPropertyDescriptor(Server.prototype, 'emit')
  const emit = Server.prototype.emit as (this: Server, ...args: unknown[]) => boolean
  Object.defineProperty(Server.prototype, 'emit', {
    configurable: true,
    writable: true,
    value(this: Server, event: string, ...args: unknown[]): boolean {
      if (!REQUESTS.has(event)) return emit.call(this, event, ...args)
      const [request, answered] = args as [IncomingMessage, ServerResponse | Duplex]
      if (!mayAsk(request, allowed)) return refuse(answered)
      if (answered instanceof ServerResponse) nameOrigin(answered, request.headers.origin, allowed)
      return emit.call(this, event, ...args)
    },
  })
  return () => {
    if (inherited) Object.defineProperty(Server.prototype, 'emit', inherited)
    else Reflect.deleteProperty(Server.prototype, 'emit')
  }
}

/** Whatever begins an answer: https://nodejs.org/api/http.html#class-httpserver. */
const REQUESTS = new Set(['request', 'checkContinue', 'checkExpectation', 'upgrade', 'connect'])

/** Whether the server is asked by its own name, and by no page from elsewhere. */
export function mayAsk(
  { headers, method }: Pick<IncomingMessage, 'headers' | 'method'>,
  { origins }: OwnNames
): boolean {
  const { host, origin } = headers
  const asked = host === undefined ? undefined : partsOf(`http://${host}`)
  if (!asked || !OWN.has(asked.hostname)) return false
  if (origin !== undefined) return origins.includes(origin) || isOwnPage(origin, asked.port)
  // A page elsewhere may ask for an image or a script without saying where it is from; a link to here may be followed.
  return headers['sec-fetch-site'] !== 'cross-site' || (method === 'GET' && headers['sec-fetch-mode'] === 'navigate')
}

function isOwnPage(origin: string, port: string): boolean {
  const from = partsOf(origin)
  return from !== undefined && OWN.has(from.hostname) && from.port === port
}

function partsOf(url: string): URL | undefined {
  return URL.canParse(url) ? new URL(url) : undefined
}

function refuse(answered: ServerResponse | Duplex): boolean {
  if (answered instanceof ServerResponse) {
    answered.writeHead(403, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' }).end(REFUSAL)
  } else {
    answered.end(`HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: ${REFUSAL.length}\r\n\r\n${REFUSAL}`)
  }
  return true
}

/** Whatever the app says: an answer names the origin that asked, where it is one of those given, and else none. */
function nameOrigin(response: ServerResponse, origin: string | undefined, { origins }: OwnNames): void {
  const isAllowed = origin !== undefined && origins.includes(origin)
  const setHeader = response.setHeader.bind(response)
  response.setHeader = (name, value) => {
    if (name.toLowerCase() !== ALLOW_ORIGIN) return setHeader(name, value)
    return isAllowed ? setHeader(name, origin) : response
  }
  if (!isAllowed) return
  setHeader(ALLOW_ORIGIN, origin)
  setHeader('vary', 'Origin')
}
