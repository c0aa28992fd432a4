import { StreamerError, causeHint } from '@boostercloud/streamer-connector'
import { RegistryHttp } from './http'
import type { Answer } from './http'
import { compatibilityIn } from './compatibility'
import type { Compatibility } from './compatibility'
import { incompatibleSchema, invalidSchema } from './refused-schema'
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

  /**
   * Registers a schema, if the subject does not have it, and resolves with its id. Rejects with `EVENT_NOT_ENCODABLE` where it may not, naming the subject, how
   * its versions must fit, and what does not.
   */
  public async register(subject: string, schema: string, schemaType: string): Promise<number> {
    const path = `/subjects/${encodeURIComponent(subject)}/versions`
    const answer = await this.answer('POST', path, { schema, schemaType })
    if (answer.status === 409) {
      throw incompatibleSchema(answer.text, { subject, compatibility: await this.compatibilityOf(subject) })
    }
    if (answer.status === 422) throw invalidSchema(answer.text, subject)
    const found = this.said(answer)
    if (!found) throw this.unavailable(`has no place for the subject '${subject}'`)
    return this.idFrom(found)
  }

  /** How versions of a subject must fit each other, where that is said of this subject. */
  public async compatibility(subject: string): Promise<Compatibility | undefined> {
    return compatibilityIn(await this.ask('GET', `/config/${encodeURIComponent(subject)}`))
  }

  /** The same, as it is said of the subject, or else of all. Confluent's default is `BACKWARD`. */
  public async compatibilityOf(subject: string): Promise<Compatibility> {
    const own = await this.compatibility(subject)
    return own ?? compatibilityIn(await this.ask('GET', '/config')) ?? 'BACKWARD'
  }

  /** The versions of a subject, from the oldest on; none where it is not there. */
  public async versions(subject: string): Promise<number[]> {
    const found: unknown = (await this.ask('GET', `/subjects/${encodeURIComponent(subject)}/versions`)) ?? []
    return Array.isArray(found) ? found.filter((one): one is number => Number.isInteger(one)).sort((a, b) => a - b) : []
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
    return this.said(await this.answer(method, path, body))
  }

  private said({ status, text }: Answer): Record<string, unknown> | undefined {
    const said = objectOf(text)
    if (status >= 200 && status < 300 && said) return said
    if (status === 404 && NOT_THERE.includes(Number(said?.error_code))) return undefined
    throw this.refusal(status)
  }

  private refusal(status: number): StreamerError {
    if (status === 401 || status === 403) {
      return new StreamerError('STREAMER_FORBIDDEN', `The schema registry refuses these credentials, with ${status}.`, {
        at: this.at,
        hint: "Check 'registry.auth', and its rights to read and write.",
        retryable: true,
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
