import { StreamerError, isObject, option, optionError, settingsOf } from '@boostercloud/streamer-connector'
import type { Option, OptionProblem, SchemaOf } from '@boostercloud/streamer-connector'
import { AvroSchema } from './avro/avro-schema'
import type { AvroDefinition } from './avro/avro-schema'
import { COMPATIBILITIES } from './registry/compatibility'
import type { Compatibility } from './registry/compatibility'
import { REGISTRY, completed, registryOf } from './registry/registry-options'
import type { RegistryOptions, RegistrySettings } from './registry/registry-options'

/**
 * How a subject is called after what is published, as Confluent's serializers have it.
 * @public
 */
export type SubjectStrategy = 'topic' | 'record' | 'topicRecord'

/**
 * What the codecs of a schema registry take.
 * @public
 */
export interface RegistryCodecOptions<D> {
  /** The registry's URL, or where it is and who asks. Schemas come from there and from nowhere else. */
  readonly registry: string | RegistryOptions
  /**
   * The subject of what is published. `topic`: `<topic>-value`, and so one schema a topic, or a union. `record`: the full name of
   * the record or message, or the title. `topicRecord`: `<topic>-<that name>`. Default `topic`.
   */
  readonly subjectStrategy?: SubjectStrategy
  /**
   * Schemas to publish with, by event type. A type without one is published with the newest schema of its subject; its record's full name
   * is then taken to be the type's.
   */
  readonly schemas?: Readonly<Record<string, D>>
  /** Whether the schemas of `schemas` are registered when they are not. Default false: a schema is deployed like a database's, by somebody. */
  readonly autoRegister?: boolean
  /** How versions of a subject must fit each other; set before a schema is registered where it is another. Default: as the registry has it. */
  readonly compatibility?: Compatibility
  /** How long the newest schema of a subject is taken for the newest; milliseconds. Default 60 000. */
  readonly latestMs?: number
}

/**
 * What `avro` takes.
 * @public
 */
export interface AvroOptions extends RegistryCodecOptions<AvroDefinition> {
  /**
   * Schemas to read with, whatever version was written: fields that this service does not know are left out, those that the writer did not
   * know have their default. Each is for records of its name, or of one of its aliases. Default: as written.
   */
  readonly readerSchema?: AvroDefinition | readonly AvroDefinition[]
}

/** Options, complete and valid. */
export interface PublishingSettings<S> {
  readonly registry: RegistrySettings
  readonly subjectStrategy: SubjectStrategy
  readonly schemas: ReadonlyMap<string, S>
  readonly autoRegister: boolean
  readonly compatibility?: Compatibility
  readonly latestMs: number
}

/** What each option takes, and its default. Schemas are tried by making them. */
const OPTIONS = {
  registry: option.groupOrNone(REGISTRY).required,
  subjectStrategy: option.oneOf('topic', 'record', 'topicRecord').or('topic'),
  schemas: option.of<object>('an object with a schema for each event type', isObject).or({}),
  autoRegister: option.flag.or(false),
  compatibility: option.oneOf(...COMPATIBILITIES),
  latestMs: option.whole(0, Number.MAX_SAFE_INTEGER, 'milliseconds').or(60_000),
} satisfies SchemaOf<Omit<RegistryCodecOptions<unknown>, 'schemas'>> & { schemas: Option<object> }

/** Checks options and completes them, for a codec of a language. Throws `OPTION_INVALID`, naming the option. */
export function settingsFrom<D, S>(
  options: RegistryCodecOptions<D>,
  language: string,
  schemaOf: (definition: D) => S
): PublishingSettings<S> {
  const owner = ownerOf(language)
  const { registry, schemas, ...given } = settingsOf(owner, OPTIONS, withRegistry(options))
  const problems = [
    ...problemIf(given.compatibility !== undefined && !given.autoRegister, 'compatibility', 'autoRegister: true'),
    ...problemIf(given.autoRegister && Object.keys(schemas).length === 0, 'autoRegister', "'schemas' to register"),
  ]
  if (problems.length > 0) throw optionError(owner, problems)
  const made = Object.entries(schemas as Readonly<Record<string, D>>).map(([type, one]) => {
    return [type, usable(one, `schemas.${type}`, language, schemaOf)] as const
  })
  return { ...given, registry: completed(registry, owner), schemas: new Map(made) }
}

/** The same for Avro, which is also read with schemas of the options. */
export function avroSettings(
  given: AvroOptions
): PublishingSettings<AvroSchema> & { readonly readers: readonly AvroSchema[] } {
  const { readerSchema, ...options } = given ?? {}
  const of = (one: AvroDefinition): AvroSchema => AvroSchema.of(one)
  const readers = listOf(readerSchema).map((one) => usable(one, 'readerSchema', 'Avro', of))
  return { ...settingsFrom(options, 'Avro', of), readers }
}

function withRegistry(options: unknown): unknown {
  if (!isObject(options) || options.registry === undefined) return options
  return { ...options, registry: registryOf(options.registry) }
}

function problemIf(isOne: boolean, at: string, needed: string): OptionProblem[] {
  return isOne ? [{ at, what: `needs ${needed}`, hint: `Give it that, or leave ${at} out.` }] : []
}

function listOf(value: AvroOptions['readerSchema']): readonly AvroDefinition[] {
  if (value === undefined) return []
  return Array.isArray(value) ? value : [value as AvroDefinition]
}

function usable<D, S>(definition: D, at: string, language: string, schemaOf: (definition: D) => S): S {
  try {
    return schemaOf(definition)
  } catch (cause) {
    throw new StreamerError(
      'OPTION_INVALID',
      `${ownerOf(language)}'s option '${at}' is not a schema that can be used.`,
      {
        at,
        hint: `Use a schema of ${language}. This one cannot be used: ${(cause as Error).message}.`,
        cause,
      }
    )
  }
}

function ownerOf(language: string): string {
  return `The codec for ${language}`
}
