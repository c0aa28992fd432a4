import { Agent as HttpAgent, request as httpRequest } from 'node:http'
import type { ClientRequest, IncomingMessage, RequestOptions } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import type { RegistrySettings } from './registry-options'

/** Bytes of an answer. */
const MAX_ANSWER = 4 * 1024 * 1024

/** What a server said. */
export interface Answer {
  readonly status: number
  readonly text: string
}

/**
 * One host, and nothing else: an answer that sends elsewhere is not followed. Connections are kept and do not keep the process alive.
 */
export class RegistryHttp {
  private readonly agent: HttpAgent
  private readonly headers: Readonly<Record<string, string>>

  public constructor(private readonly settings: RegistrySettings) {
    const options = { keepAlive: true, maxSockets: 8 }
    const isSecure = settings.url.protocol === 'https:'
    this.agent = isSecure ? new HttpsAgent({ ...options, ...settings.tls }) : new HttpAgent(options)
    this.headers = { accept: 'application/vnd.schemaregistry.v1+json, application/json', ...authorization(settings) }
  }

  /** Asks for a path below the registry's URL. Rejects when there is no whole answer in time; any status is an answer. */
  public async send(method: string, path: string, body?: object): Promise<Answer> {
    try {
      return await this.once(method, path, body)
    } catch (error) {
      // The server closed a kept connection at the moment it was used again: nothing says that it is away.
      if (!isStale(error)) throw error
      return this.once(method, path, body)
    }
  }

  private once(method: string, path: string, body?: object): Promise<Answer> {
    const { url, timeoutMs } = this.settings
    const text = body === undefined ? undefined : JSON.stringify(body)
    const headers = text === undefined ? this.headers : { ...this.headers, ...bodyHeaders(text) }
    const options: RequestOptions = { method, agent: this.agent, headers, signal: AbortSignal.timeout(timeoutMs) }
    const target = new URL(url.pathname.replace(/\/$/, '') + path, url)
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest
    return new Promise((resolve, reject) => {
      const request = send(target, options, (response) => {
        wholeText(response).then((answer) => resolve({ status: response.statusCode ?? 0, text: answer }), reject)
      })
      request.on('error', (error) => reject(marked(error, request)))
      request.end(text)
    })
  }
}

function authorization({ auth }: RegistrySettings): Record<string, string> {
  if (!auth) return {}
  if ('token' in auth) return { authorization: `Bearer ${auth.token}` }
  return { authorization: `Basic ${Buffer.from(`${auth.username}:${auth.password}`).toString('base64')}` }
}

function bodyHeaders(text: string): Record<string, string> {
  return {
    'content-type': 'application/vnd.schemaregistry.v1+json',
    'content-length': String(Buffer.byteLength(text)),
  }
}

async function wholeText(response: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  let bytes = 0
  for await (const part of response as AsyncIterable<Buffer>) {
    bytes += part.length
    if (bytes > MAX_ANSWER) throw new RangeError(`the answer has more than ${MAX_ANSWER} bytes`)
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}

type NetworkError = NodeJS.ErrnoException & { stale?: boolean }

function marked(error: NetworkError, request: ClientRequest): NetworkError {
  error.stale = request.reusedSocket && error.code === 'ECONNRESET'
  return error
}

function isStale(error: unknown): boolean {
  return (error as NetworkError).stale === true
}
