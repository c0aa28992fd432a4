import { randomUUID } from 'node:crypto'
import { KafkaStreamer } from '../../src'
import type { KafkaConsumerOptions, KafkaStreamerOptions } from '../../src'
import { Note } from './note'
import { TEST_OPTIONS } from './test-options'

/** Streamers on one broker, closed together. */
export class Streamers {
  private readonly opened: KafkaStreamer[] = []

  public constructor(private readonly broker: () => string) {}

  /** A streamer of a service, with options of its own. */
  public open(
    appName = 'publisher',
    consumer: KafkaConsumerOptions = {},
    options: Partial<KafkaStreamerOptions> = {}
  ): KafkaStreamer {
    const streamer = KafkaStreamer.with({
      ...TEST_OPTIONS,
      brokers: [this.broker()],
      consumer: { ...TEST_OPTIONS.consumer, ...consumer },
      ...options,
    })
    streamer.attach({ streamerId: 'main', appName, environment: 'test' })
    this.opened.push(streamer)
    return streamer
  }

  /** The name of a topic that nobody has used, with so many partitions. */
  public async topic(partitions = 1, config: Record<string, string> = {}): Promise<string> {
    const topic = `topic-${randomUUID()}`
    await this.open('provisioner', {}, { topics: { '*': { partitions, config } } }).provision([topic])
    return topic
  }

  public async close(): Promise<void> {
    await Promise.all(this.opened.splice(0).map((streamer) => streamer.close()))
  }
}

/** Notes of some keys in turns, numbered. */
export function notes(count: number, { from = 0, keys = 1 } = {}): Note[] {
  return Array.from({ length: count }, (_, index) => new Note(`key-${(from + index) % keys}`, from + index))
}

/** The numbers of received notes. */
export function numbersOf(events: readonly { readonly eventPayload: unknown }[]): number[] {
  return events.map(({ eventPayload }) => (eventPayload as Note).n)
}
