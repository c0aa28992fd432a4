import { StreamerError } from '@boostercloud/streamer-connector'
import { avroKind } from './avro'
import { AvroSchema } from './avro/avro-schema'
import type { AvroDefinition } from './avro/avro-schema'
import { JSON_KIND } from './json-schema'
import { PROTOBUF_KIND } from './protobuf'
import type { Compatibility } from './registry/compatibility'
import { RegistryClient } from './registry/registry-client'
import type { IdentifiedSchema } from './registry/registry-client'
import { registrySettings } from './registry/registry-options'
import type { RegistryOptions } from './registry/registry-options'
import type { SchemaKind } from './codec/schema-kind'
import { Schemas } from './codec/schemas'
import { JsonPlaces } from './shape/json-places'
import { shapeOfAvro } from './shape/of-avro'
import { shapeOfJson } from './shape/of-json'
import { shapeOfProtobuf } from './shape/of-protobuf'
import type { SchemaShape } from './shape/shape'
import { typeNamed } from './codec/type-named'

/**
 * A subject's schema, as it is for whoever makes something of it.
 * @internal
 */
export interface PulledSchema {
  readonly subject: string
  readonly version: number
  readonly language: SchemaLanguage
  /** The schema as it was registered; undefined where it refers to others and so does not stand alone. */
  readonly text?: string
  /** What its events are called where nothing stands beside the body, if that is no matter of the names in `shape`: the title of a JSON Schema. */
  readonly type?: string
  readonly shape: SchemaShape
}

/**
 * A language of schemas, as the registry calls it.
 * @internal
 */
export type SchemaLanguage = SchemaKind<never>['type']

/**
 * How versions of a subject must fit each other, and which ones there are.
 * @internal
 */
export interface SubjectState {
  /** The subject's own, or else the registry's. */
  readonly compatibility: Compatibility
  /** From the oldest on; none where the registry does not have the subject. */
  readonly versions: readonly number[]
}

/**
 * A subject's schema from a registry, the newest by default, in any of the three languages. Rejects with `OPTION_INVALID` where the registry has none, with
 * `EVENT_UNDECODABLE` for a schema that cannot be used, with `STREAMER_UNAVAILABLE` or `STREAMER_FORBIDDEN` where it does not answer.
 * @internal
 */
export async function pullSchema(
  registry: string | RegistryOptions,
  subject: string,
  version: number | 'latest' = 'latest'
): Promise<PulledSchema> {
  const client = new RegistryClient(registrySettings(registry))
  const found = await client.version(subject, version)
  if (!found) {
    throw new StreamerError('OPTION_INVALID', `The registry does not have version ${version} of the subject.`, {
      at: subject,
      hint: 'Name a subject that it has. The subject of a topic is usually <topic>-value.',
    })
  }
  return {
    subject,
    version: found.version ?? 0,
    text: found.references.length === 0 ? found.schema : undefined,
    ...(await described(client, found, subject)),
  }
}

/**
 * How a subject's versions must fit. Rejects as {@link pullSchema} does where the registry does not answer.
 * @internal
 */
export async function subjectState(registry: string | RegistryOptions, subject: string): Promise<SubjectState> {
  const client = new RegistryClient(registrySettings(registry))
  const [compatibility, versions] = await Promise.all([client.compatibilityOf(subject), client.versions(subject)])
  return { compatibility, versions }
}

type Described = Pick<PulledSchema, 'language' | 'type' | 'shape'>

async function described(client: RegistryClient, found: IdentifiedSchema, subject: string): Promise<Described> {
  if (found.schemaType === 'JSON') {
    const schema = await new Schemas(client, JSON_KIND).ready(found, subject)
    const type = schema.name === undefined ? undefined : typeNamed(schema.name)
    const places = new JsonPlaces(schema.schema, await client.referencesOf(found))
    return { language: 'JSON', type, shape: shapeOfJson(places, subject.replace(/-value$/, '')) }
  }
  if (found.schemaType === 'PROTOBUF') {
    // With descriptors files of any edition are read.
    const inFull = await client.version(subject, found.version ?? 'latest', PROTOBUF_KIND.format)
    const schema = await new Schemas(client, PROTOBUF_KIND).ready(inFull ?? found, subject)
    return { language: 'PROTOBUF', shape: shapeOfProtobuf(schema.file) }
  }
  const schema = await new Schemas(client, avroKind()).ready(found, subject)
  return { language: 'AVRO', shape: shapeOfAvro(schema.branches()) }
}

/**
 * The shapes of an Avro schema's values, without a registry. Throws `OPTION_INVALID` for what is no schema that can be used.
 * @internal
 */
export function describeSchema(definition: AvroDefinition): SchemaShape {
  try {
    return shapeOfAvro(AvroSchema.of(definition).branches())
  } catch (cause) {
    throw new StreamerError('OPTION_INVALID', `The Avro schema cannot be used: ${(cause as Error).message}.`, {
      hint: 'Fix the schema.',
      cause,
    })
  }
}
