import { ServerResponse } from 'node:http'
import type { IncomingMessage, OutgoingHttpHeader, Server } from 'node:http'
import { isIP } from 'node:net'
import { hostname } from 'node:os'
import type { Duplex } from 'node:stream'

/**
 * Who may ask a server, besides what has no browser around it and calls it by a name of its own.
 * @experimental
 */
export interface OwnNames {
  /** Origins whose pages may: `https://shop.example`; `'*'` is every page. Default none: only the server's own pages. */
  readonly origins?: readonly string[] | '*'
  /**
   * Further names by which it is called, without the port: `orders.example`; `'*'` is any. Default none: `localhost`, names below it, addresses (IPv4 or IPv6)
   * and the name of the machine. A page of somebody else can give none of these to a name of its own.
   */
  readonly hosts?: readonly string[] | '*'
}

const ALLOW_ORIGIN = 'access-control-allow-origin'
const REFUSAL = 'Refused: requests must use the own names of this server, and come from its own pages.\n'

/**
 * Has servers answer 403 to requests and upgrades (WebSocket) for a foreign `Host`, as of a name that was rebound to this machine, and of pages
 * from elsewhere. Their answers name no other origin than those given, whatever the app says. `servers`: one server, or `Server.prototype` for every one of the
 * process. `hint` is told to who is refused. Answers how to undo it.
 * @internal
 */
export function answerOwnNamesOnly(servers: Server, allowed: OwnNames, hint = ''): () => void {
  const inherited = Object.getOwnPropertyDescriptor(servers, 'emit')
  const emit = servers.emit as (this: Server, ...args: unknown[]) => boolean
  Object.defineProperty(servers, 'emit', {
    configurable: true,
    writable: true,
    value(this: Server, event: string, ...args: unknown[]): boolean {
      if (!REQUESTS.has(event)) return emit.call(this, event, ...args)
      const [request, answered] = args as [IncomingMessage, ServerResponse | Duplex]
      if (!mayAsk(request, allowed)) return refuse(answered, `${REFUSAL}${hint}`)
      if (answered instanceof ServerResponse) nameOrigin(answered, request.headers.origin, allowed)
      return emit.call(this, event, ...args)
    },
  })
  return () => {
    if (inherited) Object.defineProperty(servers, 'emit', inherited)
    else Reflect.deleteProperty(servers, 'emit')
  }
}

/** Whatever begins an answer: https://nodejs.org/api/http.html#class-httpserver. */
const REQUESTS = new Set(['request', 'checkContinue', 'checkExpectation', 'upgrade', 'connect'])

/**
 * Whether the server is asked by a name of its own, and by no page from elsewhere.
 * @internal
 */
export function mayAsk(asking: Asking, { origins, hosts }: OwnNames = {}): boolean {
  const { host = '', origin } = asking.headers
  const asked = partsOf(`http://${host}`)
  if (!asked || !(isOwnName(asked.hostname) || includes(hosts, asked.hostname))) return false
  if (origin !== undefined) return includes(origins, origin) || isOwnPage(origin, asked)
  return asking.headers['sec-fetch-site'] !== 'cross-site' || isFollowedLink(asking)
}

type Asking = Pick<IncomingMessage, 'headers' | 'method'>

/** A page elsewhere may ask for an image or a script without saying where it is from; a link to here may be followed. */
function isFollowedLink({ headers, method }: Asking): boolean {
  return method === 'GET' && headers['sec-fetch-mode'] === 'navigate'
}

/** Names that nobody else can have for this machine: one that is rebound to its address is none of them. */
function isOwnName(name: string): boolean {
  return (
    name === 'localhost' ||
    name.endsWith('.localhost') ||
    isIP(name.replace(/^\[(.*)\]$/, '$1')) !== 0 ||
    name === hostname().toLowerCase()
  )
}

/** A page of this server, as it was asked, or of one at the same port of this machine. */
function isOwnPage(origin: string, asked: URL): boolean {
  const from = partsOf(origin)
  if (!from) return false
  return (
    from.host === asked.host ||
    (LOOPBACK.has(from.hostname) && LOOPBACK.has(asked.hostname) && from.port === asked.port)
  )
}

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]'])

function includes(list: readonly string[] | '*' | undefined, value: string): boolean {
  return list === '*' || (list?.includes(value) ?? false)
}

function partsOf(url: string): URL | undefined {
  return URL.canParse(url) ? new URL(url) : undefined
}

function refuse(answered: ServerResponse | Duplex, why: string): boolean {
  if (answered instanceof ServerResponse) {
    answered.writeHead(403, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' }).end(why)
  } else {
    const length = Buffer.byteLength(why)
    answered.end(`HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: ${length}\r\n\r\n${why}`)
  }
  return true
}

/** Whatever the app says: an answer names the origin that asked, where it is one of those given, and else none. */
function nameOrigin(response: ServerResponse, origin: string | undefined, { origins }: OwnNames): void {
  const allowed = origin !== undefined && includes(origins, origin) ? origin : undefined
  const writeHead = response.writeHead.bind(response)
  // Whoever sends headers comes through here, be it by the first write.
  response.writeHead = (status: number, ...rest: unknown[]) => {
    const [message, headers] = typeof rest[0] === 'string' ? [rest[0], rest[1]] : [undefined, rest[0] ?? rest[1]]
    for (const [name, value] of pairsOf(headers)) response.setHeader(name, value)
    response.removeHeader(ALLOW_ORIGIN)
    if (allowed !== undefined) {
      response.setHeader(ALLOW_ORIGIN, allowed)
      if (!/\borigin\b/i.test(String(response.getHeader('vary')))) response.appendHeader('vary', 'Origin')
    }
    return message === undefined ? writeHead(status) : writeHead(status, message)
  }
}

/** What `writeHead` is given: an object, or names and values in turn. A name that comes twice has all its values. */
function pairsOf(headers: unknown): [string, OutgoingHttpHeader][] {
  if (typeof headers !== 'object' || headers === null) return []
  if (!Array.isArray(headers)) return Object.entries(headers as Record<string, OutgoingHttpHeader>)
  const flat = headers.flat() as string[]
  const byName = new Map<string, string[]>()
  for (let place = 0; place + 1 < flat.length; place += 2) {
    const name = flat[place].toLowerCase()
    byName.set(name, [...(byName.get(name) ?? []), flat[place + 1]])
  }
  return [...byName]
}
