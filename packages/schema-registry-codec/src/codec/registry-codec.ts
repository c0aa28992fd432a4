import { StreamerError, attributesFrom, isStreamerError, metadataFrom } from '@boostercloud/streamer-connector'
import type { Codec, DecodedEvent, PublishedMetadata, WireMessage } from '@boostercloud/streamer-connector'
import type { PublishingSettings } from '../options'
import { Misfit } from '../misfit'
import { PublishingSchemas } from './publishing-schemas'
import { RegistryClient } from '../registry/registry-client'
import type { BodySchema, BodyValue, SchemaKind } from './schema-kind'
import { Schemas } from './schemas'
import { typeNamed } from './type-named'
import { splitBody, withSchemaId } from './wire-format'

/** What a schema is asked for by where an event is of no class. */
const UNTYPED = 'Object'

/**
 * Bodies in Confluent's wire format, in a language of schemas. What an event has besides its fields travels as CloudEvents attributes beside the body,
 * where the broker has a place for them; without any, the event's type is the last part of the schema's name.
 */
export class RegistryCodec<S extends BodySchema> implements Codec {
  private readonly schemas: Schemas<S>
  private readonly publishing: PublishingSchemas<S>

  public constructor(
    public readonly name: string,
    private readonly kind: SchemaKind<S>,
    settings: PublishingSettings<S>
  ) {
    const client = new RegistryClient(settings.registry)
    this.schemas = new Schemas(client, kind)
    this.publishing = new PublishingSchemas(client, this.schemas, settings, kind)
  }

  public async encode(event: object, metadata: PublishedMetadata, topic?: string): Promise<WireMessage> {
    const { type = UNTYPED } = metadata
    const { id, schema } = await this.publishing.for(type, topic)
    return {
      body: withSchemaId(id, dataOf(event, schema, type)),
      contentType: this.kind.contentType,
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
    const { id, data } = splitBody(message.body, this.kind.title)
    const read = (schema: S): DecodedEvent => {
      const { value, name } = this.valueOf(data, schema, id)
      return {
        payload: value,
        metadata: { ...metadata, type: metadata.type ?? (name === undefined ? undefined : typeNamed(name)) },
      }
    }
    const schema = this.schemas.byId(id)
    return schema instanceof Promise ? schema.then(read) : read(schema)
  }

  private valueOf(data: Uint8Array, schema: S, id: number): BodyValue {
    try {
      return this.kind.read(schema, data)
    } catch (cause) {
      if (isStreamerError(cause)) throw cause
      throw new StreamerError('EVENT_UNDECODABLE', `The body cannot be read with its schema: ${inWords(cause)}.`, {
        at: `schema ${id}`,
        hint: 'Fix the producer or, if the schema has changed, the reader schema of this service.',
      })
    }
  }
}

function dataOf(event: object, schema: BodySchema, type: string): Uint8Array {
  try {
    return schema.write(event, type)
  } catch (cause) {
    if (isStreamerError(cause)) throw cause
    throw new StreamerError('EVENT_NOT_ENCODABLE', `The event does not fit its schema: ${inWords(cause)}.`, {
      at: type,
      hint: 'Give the event the fields of its schema, or register a schema that has its fields.',
    })
  }
}

/** Without a cause: what a library says may quote the payload, and says nothing of what to do. */
function inWords(thrown: unknown): string {
  if (thrown instanceof Misfit) return thrown.message
  return `it is none of its values (${thrown instanceof Error ? thrown.constructor.name : typeof thrown})`
}
