import { StreamerError } from '@boostercloud/streamer-connector'
import { avroKind } from './avro'
import { AvroSchema } from './avro/avro-schema'
import type { AvroDefinition } from './avro/avro-schema'
import { shapeOf } from './avro/shape'
import type { SchemaShape } from './avro/shape'
import { RegistryClient } from './registry/registry-client'
import { registrySettings } from './registry/registry-options'
import type { RegistryOptions } from './registry/registry-options'
import { Schemas } from './schemas'

/**
 * A subject's schema, as it is for whoever makes something of it.
 * @internal
 */
export interface PulledSchema {
  readonly subject: string
  readonly version: number
  /** The schema's JSON; undefined where it refers to others and so does not stand alone. */
  readonly text?: string
  readonly shape: SchemaShape
}

/**
 * A subject's schema from a registry, the newest by default. Rejects with `OPTION_INVALID` where the registry has none, with
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
      hint: 'Name a subject that it has; that of a topic is usually called <topic>-value.',
    })
  }
  const schema = await new Schemas(client, avroKind()).ready(found, subject)
  return {
    subject,
    version: found.version ?? 0,
    text: found.references.length === 0 ? schema.text : undefined,
    shape: shapeOf(schema.branches()),
  }
}

/**
 * The shapes of a schema's values, without a registry. Throws `OPTION_INVALID` for what is no schema that can be used.
 * @internal
 */
export function describeSchema(definition: AvroDefinition): SchemaShape {
  try {
    return shapeOf(AvroSchema.of(definition).branches())
  } catch (cause) {
    throw new StreamerError('OPTION_INVALID', `The Avro schema cannot be used: ${(cause as Error).message}.`, {
      hint: 'Fix the schema.',
      cause,
    })
  }
}
