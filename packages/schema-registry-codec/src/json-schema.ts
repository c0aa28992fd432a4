import type { Codec } from '@boostercloud/streamer-connector'
import { JsonBodySchema } from './json/json-body-schema'
import type { JsonSchemaDefinition } from './json/json-body-schema'
import { settingsFrom } from './options'
import type { RegistryCodecOptions } from './options'
import { RegistryCodec } from './codec/registry-codec'
import type { SchemaKind } from './codec/schema-kind'

/**
 * What `jsonSchema` takes.
 * @public
 */
export type JsonSchemaOptions = RegistryCodecOptions<JsonSchemaDefinition>

/**
 * JSON in Confluent's wire format, with JSON Schemas (drafts 6, 7, 2019-09 and 2020-12) in a schema registry. What is published and what arrives is checked
 * with the schema that the body names; what does not fit is refused, or a dead letter that names the field. What an event has besides its fields travels
 * as CloudEvents attributes beside the body; without any, the event's type is the schema's `title`.
 *
 * Numbers lose nothing: whole ones beyond 2^53 are `bigint`s. Formats are not checked, defaults not filled in, types not coerced. Opens nothing before the
 * first event; throws `OPTION_INVALID`.
 * @public
 */
export function jsonSchema(options: JsonSchemaOptions): Codec {
  return new RegistryCodec(
    'jsonSchema',
    JSON_KIND,
    settingsFrom(options, 'JSON Schema', (one) => JsonBodySchema.of(one))
  )
}

/** JSON with a schema. */
export const JSON_KIND: SchemaKind<JsonBodySchema> = {
  type: 'JSON',
  title: 'JSON with a schema',
  contentType: 'application/json',
  ready: ({ schema }, references) => JsonBodySchema.of(schema, references),
  read: (schema, data) => schema.read(data),
}
