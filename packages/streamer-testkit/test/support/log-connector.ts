import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import {
  PartialPublishError,
  StreamerError,
  cloudEvents,
  markedAsReplayed,
  metadataToPublish,
  receivedEvent,
} from '@boostercloud/streamer-connector'
import type {
  Acknowledging,
  Attachable,
  Closable,
  ExternalEvent,
  GroupOwned,
  GroupOwner,
  GroupOwning,
  HealthReporting,
  Provisionable,
  RawPublishing,
  ReplayRange,
  Replayable,
  StreamerConnectorPollingInterface,
  StreamerConnectorPublishInterface,
  StreamerContext,
  StreamerCapabilities,
  StreamerHealth,
  WireMessage,
} from '@boostercloud/streamer-connector'
import { LogFile } from './log-file'
import { LogGroup } from './log-group'

export interface LogOptions {
  readonly dir: string
  readonly position: 'broker' | 'receiver'
  readonly appName: string
  readonly pollWaitMs: number
  /** Where its broker is, which it asks before everything. */
  readonly port?: number
}

/** What one instance knows of a topic: where its session stands, and the mark of its service. */
interface Session {
  readonly log: LogFile
  readonly id: string
  next: number
}

const BATCH = 200
const MAX_BYTES = 20_000

/** The smallest connector that is right, of either kind of position: what the faults of the suite's own test are put into. */
export class LogConnector
  implements
    StreamerConnectorPublishInterface,
    StreamerConnectorPollingInterface,
    Acknowledging,
    Attachable,
    Closable,
    GroupOwning,
    HealthReporting,
    Provisionable,
    RawPublishing,
    Replayable
{
  public capabilities: StreamerCapabilities
  private appName: string
  private streamerId = ''
  private closed = false
  private readonly sessions = new Map<string, Session>()

  public constructor(private readonly options: LogOptions) {
    const { position, appName } = options
    this.capabilities = {
      position,
      ordering: 'topic',
      durable: true,
      replay: true,
      places: true,
      maxEventBytes: MAX_BYTES,
      delivery: 'poll',
    }
    this.appName = appName
  }

  public attach({ streamerId, appName }: StreamerContext): void {
    this.streamerId = streamerId
    this.appName = appName
  }

  public async publish(events: object[], topic = 'default'): Promise<void> {
    this.assertOpen()
    await this.ask()
    const messages = await Promise.all(
      events.map(async (event) => cloudEvents.encode(event, metadataToPublish(event, this.appName)))
    )
    if (messages.some((message) => bytesOf(message) > MAX_BYTES))
      throw new StreamerError('EVENT_TOO_LARGE', 'Too large.')
    const refused = this.refused()
    this.session(topic).log.append(messages.filter((_, index) => !refused.includes(index)))
    const error = new StreamerError('STREAMER_UNAVAILABLE', 'Refused.', { retryable: true })
    if (refused.length > 0)
      throw new PartialPublishError(
        refused.map((index) => ({ index, error })),
        events.length
      )
  }

  public async publishRaw(messages: readonly WireMessage[], topic = 'default'): Promise<void> {
    this.assertOpen()
    this.session(topic).log.append(messages.map(markedAsReplayed))
  }

  public async poll(topic = 'default', lastReceivedEventID?: string): Promise<ExternalEvent[]> {
    this.assertOpen()
    await this.ask()
    const session = this.session(topic)
    if (this.options.position === 'receiver') session.next = Number(lastReceivedEventID ?? 0)
    else if (lastReceivedEventID !== undefined) await this.acknowledge(lastReceivedEventID, topic)
    const end = Date.now() + this.options.pollWaitMs
    while (session.log.read().length <= session.next && Date.now() < end) {
      await pause(3)
      this.assertOpen()
    }
    const from = session.next
    session.next = Math.min(from + BATCH, Math.max(from, session.log.read().length))
    return this.events(topic, from, session.next)
  }

  /** Rejects when its broker, if it has one, does not answer. */
  public async ask(): Promise<void> {
    if (this.options.port === undefined) return
    const socket = connect(this.options.port, '127.0.0.1')
    const answered = await Promise.race([once(socket, 'data'), pause(30)])
    socket.destroy()
    if (!answered) throw new StreamerError('STREAMER_UNAVAILABLE', 'No answer.', { retryable: true })
  }

  public async acknowledge(lastReceivedEventID: string, topic = 'default'): Promise<void> {
    this.assertOpen()
    const session = this.session(topic)
    const [id, mark] = lastReceivedEventID.split('@') as [string, string]
    if (id === session.id && Number(mark) > this.mark(topic)) writeFileSync(this.markFile(topic), mark)
  }

  public async *read(topic = 'default', { from, to }: ReplayRange): AsyncIterable<ExternalEvent> {
    this.assertOpen()
    const entries = this.session(topic).log.read()
    const place = (bound: string | Date): number => {
      if (typeof bound === 'string') return Number(bound.split('@').at(-1)) - 1
      const index = entries.findIndex(({ at }) => at >= bound.getTime())
      return index < 0 ? entries.length : index
    }
    yield* await this.events(topic, from === undefined ? 0 : place(from), to === undefined ? entries.length : place(to))
  }

  public async provision(topics: readonly string[]): Promise<void> {
    this.assertOpen()
    for (const topic of topics) this.session(topic).log.append([])
  }

  public async ownGroup(topics: readonly string[], owner: GroupOwner): Promise<GroupOwned> {
    this.assertOpen()
    return this.group.own(topics, owner)
  }

  public async leaveGroup(topics: readonly string[], owner: GroupOwner): Promise<void> {
    this.assertOpen()
    this.group.leave(topics, owner)
  }

  public get group(): LogGroup {
    return new LogGroup(join(this.options.dir, `${this.appName}.group`), this.appName)
  }

  public async health(): Promise<StreamerHealth> {
    return { healthy: !existsSync(join(this.options.dir, 'down')), details: { topics: this.sessions.size } }
  }

  public async close(): Promise<void> {
    this.closed = true
  }

  private assertOpen(): void {
    if (this.closed) throw new StreamerError('CLOSED', 'The connector is closed.')
  }

  private session(topic: string): Session {
    const known = this.sessions.get(topic)
    if (known) return known
    const session = { log: new LogFile(this.options.dir, topic), id: randomUUID(), next: this.mark(topic) }
    this.sessions.set(topic, session)
    return session
  }

  private async events(topic: string, from: number, to: number): Promise<ExternalEvent[]> {
    const { log, id } = this.session(topic)
    const eventId = (index: number): string =>
      this.options.position === 'broker' ? `${id}@${index + 1}` : String(index + 1)
    const { streamerId } = this
    const events: ExternalEvent[] = []
    for (const [i, { message }] of log.read().slice(from, to).entries()) {
      const place = { partition: '0', offset: from + i + 1 }
      events.push(await receivedEvent(cloudEvents, message, { streamerId, topic, eventId: eventId(from + i), place }))
    }
    return events
  }

  private markFile(topic: string): string {
    return join(this.options.dir, `${topic}.${this.appName}.mark`)
  }

  private mark(topic: string): number {
    return existsSync(this.markFile(topic)) ? Number(readFileSync(this.markFile(topic), 'utf8')) : 0
  }

  private refused(): number[] {
    const file = join(this.options.dir, 'refuse')
    if (!existsSync(file)) return []
    const refused = JSON.parse(readFileSync(file, 'utf8')) as number[]
    rmSync(file)
    return refused
  }
}

function bytesOf({ body, key = '', headers, attributes }: WireMessage): number {
  return body.length + key.length + JSON.stringify({ ...headers, ...attributes }).length
}
