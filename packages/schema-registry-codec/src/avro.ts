import { StreamerError, attributesFrom, isStreamerError, metadataFrom } from '@boostercloud/streamer-connector'
import type { Codec, DecodedEvent, PublishedMetadata, WireMessage } from '@boostercloud/streamer-connector'
import type { AvroSchema } from './avro/avro-schema'
import { settingsFrom } from './options'
import type { AvroOptions } from './options'
import { PublishingSchemas } from './publishing-schemas'
import { RegistryClient } from './registry/registry-client'
import { Schemas } from './schemas'
import { splitBody, withSchemaId } from './wire-format'

/**
 * Avro in Confluent's wire format, with a schema registry: what Confluent's serializers write is read, and the other way round. What an
 * event has besides its fields travels as CloudEvents attributes beside the body, where the broker has a place for them; without any, the
 * event's type is the name of the record.
 *
 * Nothing is lost: a `long` beyond 2^53 is a `bigint`, decimals, dates and times are text. What the schema has no place for is refused,
 * not left out. Opens nothing before the first event; throws `OPTION_INVALID`.
 */
export function avro(options: AvroOptions): Codec {
  return new AvroCodec(options)
}

/** What a schema is asked for by where an event is of no class. */
const UNTYPED = 'Object'

class AvroCodec implements Codec {
  public readonly name = 'avro'
  private readonly schemas: Schemas
  private readonly publishing: PublishingSchemas
  private readonly readers: readonly AvroSchema[]

  public constructor(options: AvroOptions) {
    const settings = settingsFrom(options)
    const client = new RegistryClient(settings.registry)
    this.readers = settings.readers
    this.schemas = new Schemas(client)
    this.publishing = new PublishingSchemas(client, this.schemas, settings)
  }

  public async encode(event: object, metadata: PublishedMetadata, topic?: string): Promise<WireMessage> {
    const { type = UNTYPED } = metadata
    const { id, schema } = await this.publishing.for(type, topic)
    return {
      body: withSchemaId(id, dataOf(event, schema, type)),
      contentType: 'application/avro',
      attributes: attributesFrom(metadata),
      headers: metadata.headers ?? {},
      key: metadata.key,
    }
  }

  public decode(message: WireMessage): DecodedEvent | Promise<DecodedEvent> {
    const metadata = metadataFrom(message.attributes, message)
    // In CloudEvents' binary mode an event without data has no body.
    if (message.body.length === 0 && message.attributes.specversion !== undefined)
      return { payload: undefined, metadata }
    const { id, data } = splitBody(message.body)
    const read = (schema: AvroSchema): DecodedEvent => {
      const { value, name } = valueOf(data, schema, this.readers, id)
      return { payload: value, metadata: { ...metadata, type: metadata.type ?? name?.replace(/^.*\./, '') } }
    }
    const schema = this.schemas.byId(id)
    return schema instanceof Promise ? schema.then(read) : read(schema)
  }
}

function dataOf(event: object, schema: AvroSchema, type: string): Buffer {
  try {
    return schema.write(event, type)
  } catch (cause) {
    throw new StreamerError('EVENT_NOT_ENCODABLE', `The event does not fit its schema: ${(cause as Error).message}.`, {
      at: type,
      hint: 'Give the event the fields of its schema, or register a schema that has its fields.',
      cause,
    })
  }
}

function valueOf(
  data: Uint8Array,
  schema: AvroSchema,
  readers: readonly AvroSchema[],
  id: number
): ReturnType<AvroSchema['read']> {
  try {
    return schema.read(data, readers)
  } catch (cause) {
    if (isStreamerError(cause)) throw cause
    throw new StreamerError(
      'EVENT_UNDECODABLE',
      `The body cannot be read with its schema: ${(cause as Error).message}.`,
      {
        at: `schema ${id}`,
        hint: 'Fix the producer; or, where the schema has changed, the reader schema of this service.',
        cause,
      }
    )
  }
}
