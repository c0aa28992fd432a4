import { StreamerError, endsWithin, within, PublishTally } from '@boostercloud/streamer-connector'
import { streamerError } from '../client'
import type { DriverProducer, KafkaDriver } from '../client'
import type { KafkaStreamerSettings } from '../options'
import type { EncodedRecord } from '../wire'

type ProducerSettings = KafkaStreamerSettings['producer']

/** One event on its way, and its place in its call. */
interface Outgoing {
  readonly encoded: EncodedRecord
  readonly tally: PublishTally
  readonly index: number
}

/** Sends events of all topics by one producer, which is made anew when it no longer knows what the broker has. */
export class Publisher {
  private readonly lanes = new Map<string, Lane>()
  private producer?: DriverProducer
  private readonly abandoning = new Set<Promise<void>>()

  public constructor(
    private readonly driver: Pick<KafkaDriver, 'producer'>,
    private readonly settings: ProducerSettings
  ) {}

  /** Resolves when all are durable; rejects as `publish` does. */
  public publish(topic: string, records: readonly EncodedRecord[]): Promise<void> {
    let lane = this.lanes.get(topic)
    if (lane === undefined) {
      lane = new Lane(topic, this, this.settings)
      this.lanes.set(topic, lane)
    }
    const tally = new PublishTally(records.length, `topic ${topic}`)
    lane.add(records.map((encoded, index) => ({ encoded, tally, index })))
    return tally.result()
  }

  /** The producer to send by. */
  public current(): DriverProducer {
    return (this.producer ??= this.driver.producer())
  }

  /** Has the next sending use another one. */
  public discard(producer: DriverProducer): void {
    if (this.producer === producer) this.producer = undefined
    const abandoning = producer.abandon().finally(() => this.abandoning.delete(abandoning))
    this.abandoning.add(abandoning)
  }

  /** Waits for what is on its way, but no longer than so many milliseconds; what is not sent by then rejects. */
  public async close(limitMs: number): Promise<void> {
    const lanes = [...this.lanes.values()]
    await endsWithin(limitMs, Promise.all(lanes.map((lane) => lane.idle())))
    for (const lane of lanes) lane.giveUp(closed())
    if (this.producer) this.discard(this.producer)
    await Promise.all(this.abandoning)
  }
}

/**
 * The events of one topic, one request at a time, so that those of a key stay in order. What comes while a request is on its way goes with
 * the next one.
 */
class Lane {
  private queue: Outgoing[] = []
  private sending?: Promise<void>
  /** Ends the waiting for what is on its way. */
  private interrupt: (error: Error) => void = () => undefined

  public constructor(
    private readonly topic: string,
    private readonly publisher: Publisher,
    private readonly settings: ProducerSettings
  ) {}

  public add(events: readonly Outgoing[]): void {
    for (const event of events) this.queue.push(event)
    this.start()
  }

  /** Resolves when nothing is on its way. */
  public async idle(): Promise<void> {
    await this.sending
  }

  /** Fails everything that is not sent yet: sent later, it would overtake what failed before it and is published again. */
  public giveUp(error: StreamerError): void {
    this.interrupt(error)
    for (const { tally, index } of this.queue.splice(0)) tally.settle(index, error)
  }

  /** What is added while the last request is being concluded is sent by the next beginning. */
  private start(): void {
    this.sending ??= this.sendAll().finally(() => {
      this.sending = undefined
      if (this.queue.length > 0) this.start()
    })
  }

  private async sendAll(): Promise<void> {
    while (this.queue.length > 0) {
      await this.gather()
      const batch = this.take()
      if (batch.length > 0) await this.send(batch)
    }
  }

  /** At least what comes in the same turn goes together. */
  private async gather(): Promise<void> {
    const { lingerMs, batchEvents } = this.settings
    const hold = lingerMs > 0 && this.queue.length < batchEvents
    await new Promise<void>((resolve) => void (hold ? setTimeout(resolve, lingerMs) : setImmediate(resolve)))
  }

  private take(): Outgoing[] {
    const { batchEvents, batchBytes } = this.settings
    let [count, bytes] = [0, 0]
    while (count < this.queue.length && count < batchEvents) {
      bytes += this.queue[count].encoded.bytesInBatch
      if (count > 0 && bytes > batchBytes) break
      count += 1
    }
    return this.queue.splice(0, count)
  }

  private async send(batch: readonly Outgoing[]): Promise<void> {
    const producer = this.publisher.current()
    const records = batch.map(({ encoded }) => encoded.record)
    try {
      const refused = await this.inTime(producer.send(this.topic, records))
      const errors = new Map(refused.map(({ index, error }) => [index, error]))
      batch.forEach(({ tally, index }, place) => tally.settle(index, errors.get(place)))
    } catch (thrown) {
      this.publisher.discard(producer)
      const error = streamerError(thrown, { topic: this.topic })
      for (const { tally, index } of batch) tally.settle(index, error)
      this.giveUp(error)
    }
  }

  private async inTime<T>(promise: Promise<T>): Promise<T> {
    const { timeoutMs } = this.settings
    const interrupted = new Promise<never>((_, reject) => (this.interrupt = reject))
    return within(timeoutMs, Promise.race([promise, interrupted]))
  }
}

function closed(): StreamerError {
  return new StreamerError('STREAMER_UNAVAILABLE', 'The Kafka streamer was closed before the events were sent.', {
    hint: 'Publish them again with another one.',
    retryable: true,
  })
}
