import type { Codec } from '@boostercloud/streamer-connector'
import { settingsFrom } from './options'
import type { RegistryCodecOptions } from './options'
import { ProtobufSchema } from './protobuf/protobuf-schema'
import type { ProtobufDefinition } from './protobuf/protobuf-schema'
import { RegistryCodec } from './codec/registry-codec'
import type { SchemaKind } from './codec/schema-kind'

/**
 * What `protobuf` takes.
 * @public
 */
export type ProtobufOptions = RegistryCodecOptions<ProtobufDefinition>

/**
 * Protobuf in Confluent's wire format, with `.proto` files in a schema registry: what Confluent's serializers write is read, and the other way round. An event is
 * the message that its type names. What it has besides its fields travels as CloudEvents attributes beside the body; without any, the event's type is the name of
 * the message.
 *
 * Fields are called as in JSON. Nothing is lost: a whole number beyond 2^53 is a `bigint`, a `Timestamp` is text. What the message has no field for is refused, not
 * left out. Opens nothing before the first event; throws `OPTION_INVALID`.
 * @public
 */
export function protobuf(options: ProtobufOptions): Codec {
  return new RegistryCodec(
    'protobuf',
    PROTOBUF_KIND,
    settingsFrom(options, 'Protobuf', (text) => ProtobufSchema.of(text))
  )
}

/** Protobuf. */
export const PROTOBUF_KIND: SchemaKind<ProtobufSchema> = {
  type: 'PROTOBUF',
  title: 'Protobuf',
  contentType: 'application/protobuf',
  format: 'serialized',
  ready: ({ schema }, references) => ProtobufSchema.of(schema, references),
  read: (schema, data) => schema.read(data),
}
