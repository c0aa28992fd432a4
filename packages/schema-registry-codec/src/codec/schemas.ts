import { StreamerError, isStreamerError } from '@boostercloud/streamer-connector'
import { BoundedCache } from './bounded-cache'
import type { RegisteredSchema, RegistryClient } from '../registry/registry-client'
import type { BodySchema, SchemaKind } from './schema-kind'

/** Schemas remembered: a schema and its type take some kilobytes. */
const REMEMBERED = 1_000
/** Milliseconds until the registry is asked again for an id that it did not have, or whose schema was none. */
const FAILED_MS = 10_000

/** The schemas that bodies name by their ids, each asked for once. An id's schema never changes. */
export class Schemas<S extends BodySchema> {
  private readonly known = new BoundedCache<number, S | StreamerError>(REMEMBERED)
  private readonly underWay = new Map<number, Promise<S>>()

  public constructor(
    private readonly client: RegistryClient,
    private readonly kind: SchemaKind<S>
  ) {}

  /**
   * The schema of an id, at once where it is known. Rejects with `EVENT_UNDECODABLE` when the registry has none or one that cannot be
   * used, else as the registry's client does.
   */
  public byId(id: number): S | Promise<S> {
    const known = this.known.get(id)
    if (known instanceof StreamerError) throw known
    if (known) return known
    const underWay = this.underWay.get(id)
    if (underWay) return underWay
    const asking = this.ask(id).finally(() => this.underWay.delete(id))
    this.underWay.set(id, asking)
    return asking
  }

  /** A schema of the registry, ready for use. */
  public async ready(found: RegisteredSchema, at: string): Promise<S> {
    const { type, title, format } = this.kind
    if (found.schemaType !== type) {
      throw unusable(`is ${found.schemaType.replace(/\W/g, '').slice(0, 20)}, not ${title}`, at)
    }
    const references = await this.client.referencesOf(found, format)
    try {
      return this.kind.ready(found, references)
    } catch (cause) {
      throw unusable(`cannot be used: ${(cause as Error).message}`, at, cause)
    }
  }

  private async ask(id: number): Promise<S> {
    const at = `schema ${id}`
    try {
      const found = await this.client.schemaById(id, this.kind.format)
      if (!found) throw unusable('is not in the registry', at)
      const schema = await this.ready(found, at)
      this.known.set(id, schema)
      return schema
    } catch (error) {
      if (isStreamerError(error, 'EVENT_UNDECODABLE')) this.known.set(id, error, FAILED_MS)
      throw error
    }
  }
}

function unusable(what: string, at: string, cause?: unknown): StreamerError {
  return new StreamerError('EVENT_UNDECODABLE', `The schema ${what}.`, {
    at,
    hint: 'Check that the producer and this service use the same registry, and what it has under this id.',
    cause,
  })
}
