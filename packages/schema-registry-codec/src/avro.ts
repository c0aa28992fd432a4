import type { Codec } from '@boostercloud/streamer-connector'
import { AvroSchema } from './avro/avro-schema'
import type { AvroDefinition } from './avro/avro-schema'
import { avroSettings } from './options'
import type { AvroOptions } from './options'
import { RegistryCodec } from './codec/registry-codec'
import type { SchemaKind } from './codec/schema-kind'

/**
 * Avro in Confluent's wire format, with a schema registry: what Confluent's serializers write is read, and the other way round. What an
 * event has besides its fields travels as CloudEvents attributes beside the body, where the broker has a place for them; without any, the
 * event's type is the name of the record.
 *
 * Nothing is lost: a `long` beyond 2^53 is a `bigint`, decimals, dates and times are text. What the schema has no place for is refused,
 * not left out. Opens nothing before the first event; throws `OPTION_INVALID`.
 * @public
 */
export function avro(options: AvroOptions): Codec {
  const settings = avroSettings(options)
  return new RegistryCodec('avro', avroKind(settings.readers), settings)
}

/** Avro, read with a service's own schemas where there are some. */
export function avroKind(readers: readonly AvroSchema[] = []): SchemaKind<AvroSchema> {
  return {
    type: 'AVRO',
    title: 'Avro',
    contentType: 'application/avro',
    ready: ({ schema }, references) => AvroSchema.of(schema, references.map(textOf), true),
    read: (schema, data) => schema.read(data, readers),
  }
}

function textOf({ schema }: { readonly schema: string }): AvroDefinition {
  return schema
}
