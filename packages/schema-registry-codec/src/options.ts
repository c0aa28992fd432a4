import { StreamerError } from '@boostercloud/streamer-connector'
import { AvroSchema } from './avro/avro-schema'
import type { AvroDefinition } from './avro/avro-schema'
import { COMPATIBILITIES } from './registry/registry-client'
import type { Compatibility } from './registry/registry-client'
import { registrySettings } from './registry/registry-options'
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

const DEFAULTS = { subjectStrategy: 'topic', autoRegister: false, latestMs: 60_000 } as const

const STRATEGIES: readonly unknown[] = ['topic', 'record', 'topicRecord']

/** What each option must be, in words and as a test. Schemas are tried by making them. */
const RULES: Readonly<Record<string, readonly [string, (value: unknown) => boolean]>> = {
  registry: ['the URL of the registry, or an object with it', () => true],
  subjectStrategy: ["'topic', 'record' or 'topicRecord'", (value) => STRATEGIES.includes(value)],
  schemas: ['an object with a schema for each event type', (value) => typeof value === 'object' && value !== null],
  autoRegister: ['true or false', (value) => typeof value === 'boolean'],
  compatibility: [COMPATIBILITIES.join(', '), (value) => (COMPATIBILITIES as readonly unknown[]).includes(value)],
  latestMs: ['a whole number of milliseconds from 0', (value) => Number.isSafeInteger(value) && (value as number) >= 0],
}

/** Checks options and completes them, for a codec of a language. Throws `OPTION_INVALID`, naming the option. */
export function settingsFrom<D, S>(
  options: RegistryCodecOptions<D>,
  language: string,
  schemaOf: (definition: D) => S
): PublishingSettings<S> {
  const given = checked(options, language)
  const { registry, schemas = {}, autoRegister = false, compatibility } = given
  const invalid = refusalFor(language)
  if (compatibility !== undefined && !autoRegister) throw invalid('compatibility', 'It needs autoRegister: true.')
  if (autoRegister && Object.keys(schemas).length === 0)
    throw invalid('autoRegister', "It needs 'schemas' to register.")
  const made = Object.entries(schemas).map(([type, one]) => {
    return [type, usable(one, `schemas.${type}`, language, schemaOf)] as const
  })
  return { ...DEFAULTS, ...given, registry: registrySettings(registry), schemas: new Map(made) }
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

/** What was given, each option by its rule. */
function checked<D>(options: RegistryCodecOptions<D>, language: string): RegistryCodecOptions<D> {
  const given = Object.fromEntries(Object.entries(options ?? {}).filter(([, value]) => value !== undefined))
  for (const [name, value] of Object.entries(given)) {
    if (!Object.hasOwn(RULES, name)) throw unknownOption(name, language)
    const [words, test] = RULES[name]
    if (!test(value)) throw refusalFor(language)(name, `Give it ${words}.`)
  }
  return given as unknown as RegistryCodecOptions<D>
}

function listOf(value: AvroOptions['readerSchema']): readonly AvroDefinition[] {
  if (value === undefined) return []
  return Array.isArray(value) ? value : [value as AvroDefinition]
}

function usable<D, S>(definition: D, at: string, language: string, schemaOf: (definition: D) => S): S {
  try {
    return schemaOf(definition)
  } catch (cause) {
    const hint = `Give it a schema of ${language}; this one cannot be used: ${(cause as Error).message}.`
    throw refusalFor(language)(at, hint, cause)
  }
}

function refusalFor(language: string): (at: string, hint: string, cause?: unknown) => StreamerError {
  return (at, hint, cause) =>
    new StreamerError('OPTION_INVALID', `The option '${at}' of the codec for ${language} is not valid.`, {
      at,
      hint,
      cause,
    })
}

function unknownOption(name: string, language: string): StreamerError {
  const known = [...Object.keys(RULES), ...(language === 'Avro' ? ['readerSchema'] : [])]
  return new StreamerError('OPTION_INVALID', `The codec for ${language} has no option '${name}'.`, {
    at: name,
    hint: `Its options are ${known.join(', ')}.`,
  })
}
