import { StreamerError, causeHint } from '@boostercloud/streamer-connector'
import { RegistryHttp } from './http'
import type { Answer } from './http'
import type { RegistrySettings } from './registry-options'

/**
 * A schema of a subject that another one names.
 * @public
 */
export interface SchemaReference {
  readonly name: string
  readonly subject: string
  readonly version: number
}

/**
 * A schema as the registry has it.
 * @internal
 */
export interface RegisteredSchema {
  readonly schema: string
  /** `AVRO` where it is not said. */
  readonly schemaType: string
  readonly references: readonly SchemaReference[]
}

/** A schema that another one names. */
export interface ReferencedSchema extends RegisteredSchema {
  /** What the other one calls it. */
  readonly name: string
}

/**
 * A schema with the id that bodies carry.
 * @internal
 */
export interface IdentifiedSchema extends RegisteredSchema {
  readonly id: number
  readonly version?: number
}

/** How new versions of a subject's schema must fit the older ones. */
export const COMPATIBILITIES: readonly Compatibility[] = [
  'NONE',
  'BACKWARD',
  'BACKWARD_TRANSITIVE',
  'FORWARD',
  'FORWARD_TRANSITIVE',
  'FULL',
  'FULL_TRANSITIVE',
]

/**
 * What a registry asks of a new version of a schema before it takes it.
 * @public
 */
export type Compatibility =
  'NONE' | 'BACKWARD' | 'BACKWARD_TRANSITIVE' | 'FORWARD' | 'FORWARD_TRANSITIVE' | 'FULL' | 'FULL_TRANSITIVE'

/** `error_code` of Confluent's API: https://docs.confluent.io/platform/current/schema-registry/develop/api.html */
const NOT_THERE: readonly number[] = [40401, 40402, 40403, 40404, 40408]
const MAX_REFERENCES = 100

/**
 * The part of Confluent's REST API that a codec needs. Every call rejects with `STREAMER_UNAVAILABLE`, which may be tried again, when the
 * registry does not answer as one, and with `STREAMER_FORBIDDEN` when it refuses who asks. What the registry does not have is undefined.
 */
export class RegistryClient {
  private readonly http: RegistryHttp
  private readonly at: string

  public constructor(settings: RegistrySettings) {
    this.http = new RegistryHttp(settings)
    this.at = settings.url.href
  }

  /** The schema of an id. */
  public async schemaById(id: number, format?: string): Promise<RegisteredSchema | undefined> {
    const found = await this.ask('GET', `/schemas/ids/${id}${formatQuery(format)}`)
    return found && this.schemaFrom(found)
  }

  /** A version of a subject, the newest by default. */
  public async version(
    subject: string,
    version: number | 'latest' = 'latest',
    format?: string
  ): Promise<IdentifiedSchema | undefined> {
    const path = `/subjects/${encodeURIComponent(subject)}/versions/${version}`
    const found = await this.ask('GET', path + formatQuery(format))
    if (!found) return undefined
    return { ...this.schemaFrom(found), id: this.idFrom(found), version: Number(found.version) }
  }

  /** The id under which a subject has a schema. */
  public async idOf(subject: string, schema: string, schemaType: string): Promise<number | undefined> {
    const found = await this.ask('POST', `/subjects/${encodeURIComponent(subject)}`, { schema, schemaType })
    return found && this.idFrom(found)
  }

  /** Registers a schema, if the subject does not have it, and resolves with its id. Rejects with `EVENT_NOT_ENCODABLE` where it may not. */
  public async register(subject: string, schema: string, schemaType: string): Promise<number> {
    const path = `/subjects/${encodeURIComponent(subject)}/versions`
    const found = await this.ask('POST', path, { schema, schemaType })
    if (!found) throw this.unavailable(`has no place for the subject '${subject}'`)
    return this.idFrom(found)
  }

  /** How versions of a subject must fit each other, as far as that is said. */
  public async compatibility(subject: string): Promise<string | undefined> {
    const found = await this.ask('GET', `/config/${encodeURIComponent(subject)}`)
    return found && String(found.compatibilityLevel)
  }

  /** Says so. */
  public async setCompatibility(subject: string, compatibility: Compatibility): Promise<void> {
    await this.ask('PUT', `/config/${encodeURIComponent(subject)}`, { compatibility })
  }

  /** What a schema refers to, each before those that refer to it. Rejects with `EVENT_UNDECODABLE` where one is missing, or where they are endless. */
  public async referencesOf({ references }: RegisteredSchema, format?: string): Promise<ReferencedSchema[]> {
    const found = new Map<string, ReferencedSchema>()
    const seen = new Set<string>()
    const visit = async (wanted: readonly SchemaReference[]): Promise<void> => {
      for (const { name, subject, version } of wanted) {
        const key = JSON.stringify([name, subject, version])
        if (seen.has(key)) continue
        seen.add(key)
        if (seen.size > MAX_REFERENCES) throw undecodable('A schema refers to too many others', this.at)
        const one = await this.version(subject, version, format)
        if (!one) throw undecodable(`A schema refers to version ${version} of a subject that is not there`, this.at)
        await visit(one.references)
        found.set(key, { ...one, name })
      }
    }
    await visit(references)
    return [...found.values()]
  }

  /** Undefined where the registry says that it does not have it. */
  private async ask(method: string, path: string, body?: object): Promise<Record<string, unknown> | undefined> {
    const { status, text } = await this.answer(method, path, body)
    const said = objectOf(text)
    if (status >= 200 && status < 300 && said) return said
    if (status === 404 && NOT_THERE.includes(Number(said?.error_code))) return undefined
    throw this.refusal(status, text)
  }

  private refusal(status: number, text: string): StreamerError {
    if (status === 401 || status === 403) {
      return new StreamerError('STREAMER_FORBIDDEN', `The schema registry refuses who asks, with ${status}.`, {
        at: this.at,
        hint: "Check 'registry.auth', and what it may read and write.",
        retryable: true,
      })
    }
    if (status === 409 || status === 422) {
      return new StreamerError('EVENT_NOT_ENCODABLE', `The schema registry refuses the schema, with ${status}.`, {
        at: this.at,
        hint: 'Make the schema fit the older versions of its subject, or change how they must fit.',
        cause: text.slice(0, 2_000),
      })
    }
    return this.unavailable(`answers with ${status}`)
  }

  private async answer(method: string, path: string, body?: object): Promise<Answer> {
    try {
      return await this.http.send(method, path, body)
    } catch (cause) {
      throw this.unavailable('does not answer', cause)
    }
  }

  private schemaFrom({ schema, schemaType, references }: Record<string, unknown>): RegisteredSchema {
    if (typeof schema !== 'string') throw this.unavailable('answers without a schema')
    return {
      schema,
      schemaType: typeof schemaType === 'string' ? schemaType : 'AVRO',
      references: Array.isArray(references) ? references.filter(isReference) : [],
    }
  }

  private idFrom({ id }: Record<string, unknown>): number {
    if (!Number.isInteger(id)) throw this.unavailable('answers without an id')
    return id as number
  }

  private unavailable(what: string, cause?: unknown): StreamerError {
    return new StreamerError('STREAMER_UNAVAILABLE', `The schema registry ${what}.`, {
      at: this.at,
      hint: causeHint(
        cause,
        "Check that it runs, and that the option 'registry' has its URL with the path of its API."
      ),
      retryable: true,
      cause,
    })
  }
}

function formatQuery(format: string | undefined): string {
  return format === undefined ? '' : `?format=${format}`
}

function undecodable(what: string, at: string): StreamerError {
  return new StreamerError('EVENT_UNDECODABLE', `${what}.`, { at, hint: 'Fix the schema in the registry.' })
}

function objectOf(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

function isReference(value: unknown): value is SchemaReference {
  if (typeof value !== 'object' || value === null) return false
  const { name, subject, version } = value as Record<string, unknown>
  return typeof name === 'string' && typeof subject === 'string' && Number.isInteger(version)
}
