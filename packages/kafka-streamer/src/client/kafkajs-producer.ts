import { endsWithin } from '@boostercloud/streamer-connector'
import { CompressionTypes, KafkaJSNonRetriableError, Partitioners } from 'kafkajs'
import type { Message, Producer } from 'kafkajs'
import type { OutgoingRecord } from '../wire'
import type { DriverProducer, RefusedRecord } from './driver'
import { Client, FEW_TRIES } from './kafkajs-client'
import type { ClientSettings } from './kafkajs-client'
import { isRefusal, streamerError } from './kafkajs-errors'

const CLOSE_MS = 2_000

/** A record with its place in what `send` was given, and, once kafkajs has asked for it, its partition. */
interface Placed extends Message {
  readonly index: number
}

/**
 * kafkajs answers a request with the first error of any of its partitions, and counts back the sequence numbers of all. So what was refused is
 * found by sending each partition's part again alone with the same numbers, which a broker that has it already takes as a repeat, and
 * then by halves.
 */
export class KafkajsProducer implements DriverProducer {
  private readonly client: Client
  private readonly producer: Producer
  private readonly compression: CompressionTypes
  private connecting?: Promise<void>
  private abandoned = false

  public constructor(settings: ClientSettings & { readonly compression: 'none' | 'gzip' }) {
    this.client = new Client(settings, FEW_TRIES)
    this.compression = settings.compression === 'gzip' ? CompressionTypes.GZIP : CompressionTypes.None
    this.producer = this.client.kafka.producer({
      idempotent: true,
      allowAutoTopicCreation: false,
      retry: FEW_TRIES,
      createPartitioner: () => this.partitioner(),
    })
  }

  public async send(topic: string, records: readonly OutgoingRecord[]): Promise<readonly RefusedRecord[]> {
    try {
      this.connecting ??= this.producer.connect()
      await this.connecting
      const placed = records.map(({ key, value, headers }, index): Placed => ({ key, value, headers, index }))
      return await this.sendPlaced(topic, placed)
    } catch (thrown) {
      throw streamerError(thrown, { topic })
    }
  }

  public async abandon(): Promise<void> {
    this.abandoned = true
    this.client.abandon()
    await endsWithin(CLOSE_MS, this.producer.disconnect())
  }

  private async sendPlaced(topic: string, messages: Placed[]): Promise<RefusedRecord[]> {
    try {
      await this.producer.send({ topic, messages, acks: -1, compression: this.compression })
      return []
    } catch (thrown) {
      if (!isRefusal(thrown)) throw thrown
      const parts = partsOf(messages)
      if (parts.length === 1 && messages.length === 1) {
        return [{ index: messages[0].index, error: streamerError(thrown, { topic }) }]
      }
      const refused: RefusedRecord[] = []
      for (const part of parts.length > 1 ? parts : halvesOf(messages)) {
        refused.push(...(await this.sendPlaced(topic, part)))
      }
      return refused
    }
  }

  /** As Java's, with murmur2; a record stays in the partition that it was given first, also when it has no key and is sent again. */
  private partitioner(): ReturnType<typeof Partitioners.DefaultPartitioner> {
    const partition = Partitioners.DefaultPartitioner()
    return (args) => {
      if (this.abandoned) throw new KafkaJSNonRetriableError('The producer is closed.')
      args.message.partition ??= partition(args)
      return args.message.partition
    }
  }
}

function partsOf(messages: readonly Placed[]): Placed[][] {
  const parts = new Map<number | undefined, Placed[]>()
  for (const message of messages) {
    const part = parts.get(message.partition)
    if (part) part.push(message)
    else parts.set(message.partition, [message])
  }
  return [...parts.values()]
}

function halvesOf(messages: readonly Placed[]): Placed[][] {
  const middle = Math.ceil(messages.length / 2)
  return [messages.slice(0, middle), messages.slice(middle)]
}
