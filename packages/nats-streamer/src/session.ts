import type { EventInterface } from '@boostercloud/framework-types'
import type { ExternalEvent, ReplayRange, StreamerHealth } from '@boostercloud/streamer-connector'
import { CompetingPolling } from './competing'
import { Connection } from './connection'
import { errorFrom, unavailable } from './errors'
import { healthOf } from './health'
import type { NatsStreamerSettings } from './settings'
import { OrderedPolling, toExternalEvent } from './poll'
import type { ReceivedBy } from './poll'
import { formatPosition, streamIdOf } from './position'
import { encode, sendInOrder } from './publish'
import type { EncodeFor } from './publish'
import { positionAtTime, replay } from './replay'
import { declareStream } from './stream'
import { subjectToRead } from './subjects'

/** How long what is being published may take at a close; milliseconds. */
const LAST_ACKS_MS = 2_000

/** A connection and what is done on it, from the first use to the close. */
export class Session {
  private readonly polling: OrderedPolling | CompetingPolling
  /** Topics for which the stream was found or made. */
  private readonly declared = new Map<string, Promise<void>>()
  private readonly publishing = new Set<Promise<void>>()

  private constructor(
    public readonly connection: Connection,
    private readonly settings: NatsStreamerSettings,
    group: string
  ) {
    const competes = settings.ordering === 'none'
    this.polling = competes
      ? new CompetingPolling(connection, settings, group)
      : new OrderedPolling(connection, settings)
  }

  /** Rejects with `STREAMER_UNAVAILABLE` or `STREAMER_FORBIDDEN`. */
  public static async open(settings: NatsStreamerSettings, name: string | undefined, group: string): Promise<Session> {
    return new Session(await Connection.open(settings, name), settings, group)
  }

  public async publish(events: readonly EventInterface[], to: Omit<EncodeFor, 'maxPayload'>): Promise<void> {
    const { connection, settings } = this
    const maxPayload = connection.nats.info?.max_payload ?? Infinity
    const messages = await encode(events, { ...to, maxPayload }, settings)
    if (messages.length === 0) return
    await this.onTopic(to.topic, async () => {
      const sending = sendInOrder(messages, (one, settled) => connection.acks.send(one, settled), settings.maxInFlight)
      this.publishing.add(sending)
      await sending.finally(() => this.publishing.delete(sending))
    })
  }

  public async poll(from: ReceivedBy, id: string | undefined): Promise<ExternalEvent[]> {
    await this.connection.whenUp(this.settings.pollWaitMs)
    return this.onTopic(from.topic, () => this.polling.poll(from, id))
  }

  /** Settles without fetching, where replicas compete; else there is nothing to settle here. */
  public async acknowledge(topic: string, id: string): Promise<void> {
    if (this.polling instanceof CompetingPolling) await this.polling.acknowledge(topic, id)
  }

  public async *read(from: ReceivedBy, range: ReplayRange): AsyncGenerator<ExternalEvent, void, undefined> {
    const { connection, settings } = this
    await this.declare([from.topic])
    const batches = replay(connection, settings, subjectToRead(settings.subject, from.topic), range)
    for await (const { streamId, delivered } of this.translated(batches)) {
      for (const { message, sequence } of delivered) {
        yield await toExternalEvent(message, from, formatPosition({ streamId, sequence }))
      }
    }
  }

  public async positionAt(topic: string, at: 'last' | Date): Promise<string> {
    const { connection, settings } = this
    return this.onTopic(topic, async () => {
      if (at instanceof Date) {
        const subject = subjectToRead(settings.subject, topic)
        return formatPosition(await positionAtTime(connection, settings, subject, at))
      }
      const { created, state } = await connection.ask((api) => api.streams.info(settings.stream))
      return formatPosition({ streamId: streamIdOf(created), sequence: state.last_seq })
    })
  }

  /** Makes what is missing, whatever was found before. */
  public async provision(topics: readonly string[]): Promise<void> {
    if (topics.length === 0) return
    await this.connection.whenUp(this.settings.connectTimeoutMs)
    await declareStream(this.connection, this.settings, topics)
  }

  public health(): Promise<StreamerHealth> {
    return healthOf(this.connection, this.settings.stream, () => this.polling.backlog())
  }

  /** Ends waiting polls, waits for what is being published, and closes the connection. */
  public async close(): Promise<void> {
    await this.polling.close()
    await this.published()
    await this.connection.close()
  }

  private async published(): Promise<void> {
    let timer: NodeJS.Timeout | undefined
    const over = new Promise<void>((resolve) => (timer = setTimeout(resolve, LAST_ACKS_MS)))
    await Promise.race([Promise.allSettled(this.publishing), over])
    clearTimeout(timer)
  }

  /** Does something on a topic for which the stream is there; after a failure the stream is looked for again. */
  private async onTopic<T>(topic: string, act: () => Promise<T>): Promise<T> {
    const { connection, settings } = this
    if (!connection.isUp) throw unavailable('there is no connection', connection.server)
    try {
      await this.declare([topic])
      return await act()
    } catch (thrown) {
      this.declared.delete(topic)
      throw errorFrom(thrown, settings.stream)
    }
  }

  private declare([topic]: readonly [string]): Promise<void> | undefined {
    if (!this.settings.declare) return undefined
    let declared = this.declared.get(topic)
    if (!declared) {
      declared = declareStream(this.connection, this.settings, [topic])
      this.declared.set(topic, declared)
    }
    return declared
  }

  private async *translated<T>(batches: AsyncGenerator<T, void, undefined>): AsyncGenerator<T, void, undefined> {
    try {
      yield* batches
    } catch (thrown) {
      throw errorFrom(thrown, this.settings.stream)
    }
  }
}
