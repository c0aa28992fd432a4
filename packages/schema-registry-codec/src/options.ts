import { StreamerError } from '@boostercloud/streamer-connector'
import { AvroSchema } from './avro/avro-schema'
import type { AvroDefinition } from './avro/avro-schema'
import { COMPATIBILITIES } from './registry/registry-client'
import type { Compatibility } from './registry/registry-client'
import { registrySettings } from './registry/registry-options'
import type { RegistryOptions, RegistrySettings } from './registry/registry-options'

/** How a subject is called after what is published, as Confluent's serializers have it. */
export type SubjectStrategy = 'topic' | 'record' | 'topicRecord'

/** What `avro` takes. */
export interface AvroOptions {
  /** The registry's URL, or where it is and who asks. Schemas come from there and from nowhere else. */
  readonly registry: string | RegistryOptions
  /**
   * The subject of what is published. `topic`: `<topic>-value`, and so one schema a topic, or a union. `record`: the record's full name.
   * `topicRecord`: `<topic>-<the record's full name>`. Default `topic`.
   */
  readonly subjectStrategy?: SubjectStrategy
  /**
   * Schemas to publish with, by event type. A type without one is published with the newest schema of its subject; its record's full name
   * is then taken to be the type's.
   */
  readonly schemas?: Readonly<Record<string, AvroDefinition>>
  /** Whether the schemas of `schemas` are registered when they are not. Default false: a schema is deployed like a database's, by somebody. */
  readonly autoRegister?: boolean
  /** How versions of a subject must fit each other; set before a schema is registered where it is another. Default: as the registry has it. */
  readonly compatibility?: Compatibility
  /**
   * Schemas to read with, whatever version was written: fields that this service does not know are left out, those that the writer did not
   * know have their default. Each is for records of its name, or of one of its aliases. Default: as written.
   */
  readonly readerSchema?: AvroDefinition | readonly AvroDefinition[]
  /** How long the newest schema of a subject is taken for the newest; milliseconds. Default 60 000. */
  readonly latestMs?: number
}

/** Options, complete and valid. */
export interface AvroSettings {
  readonly registry: RegistrySettings
  readonly subjectStrategy: SubjectStrategy
  readonly schemas: ReadonlyMap<string, AvroSchema>
  readonly autoRegister: boolean
  readonly compatibility?: Compatibility
  readonly readers: readonly AvroSchema[]
  readonly latestMs: number
}

const DEFAULTS = { subjectStrategy: 'topic', autoRegister: false, latestMs: 60_000 } as const

const STRATEGIES: readonly unknown[] = ['topic', 'record', 'topicRecord']

/** What each option must be, in words and as a test. Schemas are tried by making them. */
const RULES: Readonly<Record<keyof AvroOptions, readonly [string, (value: unknown) => boolean]>> = {
  registry: ['the URL of the registry, or an object with it', () => true],
  subjectStrategy: ["'topic', 'record' or 'topicRecord'", (value) => STRATEGIES.includes(value)],
  schemas: [
    'an object with an Avro schema for each event type',
    (value) => typeof value === 'object' && value !== null,
  ],
  autoRegister: ['true or false', (value) => typeof value === 'boolean'],
  compatibility: [COMPATIBILITIES.join(', '), (value) => (COMPATIBILITIES as readonly unknown[]).includes(value)],
  readerSchema: ['an Avro schema, or a list of them', (value) => ['string', 'object'].includes(typeof value)],
  latestMs: ['a whole number of milliseconds from 0', (value) => Number.isSafeInteger(value) && (value as number) >= 0],
}

/** Checks options and completes them. Throws `OPTION_INVALID`, naming the option. */
export function settingsFrom(options: AvroOptions): AvroSettings {
  const given = checked(options)
  const { registry, schemas = {}, readerSchema, autoRegister = false, compatibility } = given
  if (compatibility !== undefined && !autoRegister) throw invalid('compatibility', 'It needs autoRegister: true.')
  if (autoRegister && Object.keys(schemas).length === 0)
    throw invalid('autoRegister', "It needs 'schemas' to register.")
  return {
    ...DEFAULTS,
    ...given,
    registry: registrySettings(registry),
    schemas: new Map(Object.entries(schemas).map(([type, one]) => [type, schemaOf(one, `schemas.${type}`)])),
    readers: listOf(readerSchema).map((one) => schemaOf(one, 'readerSchema')),
  }
}

/** What was given, each option by its rule. */
function checked(options: AvroOptions): AvroOptions {
  const given = Object.fromEntries(Object.entries(options ?? {}).filter(([, value]) => value !== undefined))
  for (const [name, value] of Object.entries(given)) {
    if (!Object.hasOwn(RULES, name)) throw unknownOption(name)
    const [words, test] = RULES[name as keyof AvroOptions]
    if (!test(value)) throw invalid(name, `Give it ${words}.`)
  }
  return given as unknown as AvroOptions
}

function listOf(value: AvroOptions['readerSchema']): readonly AvroDefinition[] {
  if (value === undefined) return []
  return Array.isArray(value) ? value : [value as AvroDefinition]
}

function schemaOf(definition: AvroDefinition, at: string): AvroSchema {
  try {
    return AvroSchema.of(definition)
  } catch (cause) {
    throw invalid(at, `Give it an Avro schema; this one cannot be used: ${(cause as Error).message}.`, cause)
  }
}

function invalid(at: string, hint: string, cause?: unknown): StreamerError {
  return new StreamerError('OPTION_INVALID', `The option '${at}' of the Avro codec is not valid.`, { at, hint, cause })
}

function unknownOption(name: string): StreamerError {
  return new StreamerError('OPTION_INVALID', `The Avro codec has no option '${name}'.`, {
    at: name,
    hint: `Its options are ${Object.keys(RULES).join(', ')}.`,
  })
}
