import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** An entry of PutEvents that AWS would not take, as it says so. */
export interface Refusal {
  readonly ErrorCode: string
  readonly ErrorMessage: string
}

/** An entry as it comes over the wire. */
export interface SentEntry {
  readonly Source: string
  readonly DetailType: string
  readonly Detail: string
  readonly EventBusName: string
}

/** What a whole request of an operation is answered with, in place of the server's answer. */
export interface Answer {
  readonly status: number
  readonly body: object
}

/**
 * Stands before Moto and answers as AWS documents what Moto never does: refused entries of PutEvents
 * (https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html), throttling, and missing rights.
 */
export class AwsProxy {
  /** The sizes of the requests to PutEvents that came, in entries. */
  public readonly putEvents: number[] = []
  /** Says of each entry whether it is refused. */
  public refuse: (entry: SentEntry) => Refusal | undefined = () => undefined
  /** Says of each request, by its operation (as `PutEvents`) and body, whether it has another answer. */
  public answer: (operation: string, body: string) => Answer | undefined | Promise<Answer | undefined> = () => undefined

  private port = 0
  private ending = new AbortController()
  private stalled?: { readonly until: Promise<void>; readonly end: () => void }

  private constructor(
    private readonly server: Server,
    private readonly target: string
  ) {}

  public static async to(target: string): Promise<AwsProxy> {
    const server = createServer()
    const proxy = new AwsProxy(server, target)
    server.on('request', (request, response) => void proxy.handle(request, response))
    await proxy.restore()
    return proxy
  }

  public get url(): string {
    return `http://127.0.0.1:${this.port}`
  }

  /** Ends every connection and takes no more; what Moto has taken it keeps. */
  public async cut(): Promise<void> {
    this.ending.abort()
    this.server.closeAllConnections()
    await new Promise((resolve) => this.server.close(resolve))
  }

  /** Listens where it did before. */
  public async restore(): Promise<void> {
    this.ending = new AbortController()
    await new Promise<void>((resolve) => this.server.listen(this.port, '127.0.0.1', resolve))
    this.port = (this.server.address() as AddressInfo).port
  }

  /** Answers nothing until it goes on. */
  public stall(): void {
    let end = (): void => undefined
    const until = new Promise<void>((resolve) => (end = resolve))
    this.stalled = { until, end }
  }

  public goOn(): void {
    this.stalled?.end()
    this.stalled = undefined
  }

  public async close(): Promise<void> {
    this.goOn()
    await this.cut()
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk as Buffer)
      const body = Buffer.concat(chunks)
      await this.stalled?.until
      const operation = String(request.headers['x-amz-target']).split('.').at(-1) as string
      const answer = await this.answer(operation, body.toString())
      if (answer !== undefined) return send(response, answer.status, answer.body)
      if (operation === 'PutEvents') return await this.put(request, response, body)
      await this.forward(request, response, body)
    } catch {
      response.destroy()
    }
  }

  private async put(request: IncomingMessage, response: ServerResponse, body: Buffer): Promise<void> {
    const { Entries: entries } = JSON.parse(body.toString()) as { Entries: SentEntry[] }
    this.putEvents.push(entries.length)
    const refusals = entries.map((entry) => this.refuse(entry))
    const taken = entries.filter((_, index) => refusals[index] === undefined)
    const ids = taken.length === 0 ? [] : await this.idsOf(request, taken)
    const results = refusals.map((refusal) => refusal ?? { EventId: ids.shift() })
    const FailedEntryCount = refusals.filter(Boolean).length
    send(response, 200, { FailedEntryCount, Entries: results })
  }

  private async idsOf(request: IncomingMessage, Entries: readonly SentEntry[]): Promise<string[]> {
    const answer = await this.ask(request, Buffer.from(JSON.stringify({ Entries })))
    const { Entries: results } = (await answer.json()) as { Entries: { EventId: string }[] }
    return results.map(({ EventId }) => EventId)
  }

  private async forward(request: IncomingMessage, response: ServerResponse, body: Buffer): Promise<void> {
    const answer = await this.ask(request, body)
    const type = answer.headers.get('content-type') ?? 'application/json'
    const error = answer.headers.get('x-amzn-query-error')
    response.writeHead(answer.status, { 'content-type': type, ...(error && { 'x-amzn-query-error': error }) })
    response.end(Buffer.from(await answer.arrayBuffer()))
  }

  private ask({ method, url, headers }: IncomingMessage, body: Buffer): Promise<Response> {
    const kept = Object.entries(headers).filter(([name]) => !['host', 'connection', 'content-length'].includes(name))
    return fetch(this.target + url, {
      method,
      headers: Object.fromEntries(kept) as Record<string, string>,
      body,
      signal: this.ending.signal,
    })
  }
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' })
  response.end(JSON.stringify(body))
}
