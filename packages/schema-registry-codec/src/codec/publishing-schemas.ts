import { StreamerError, isStreamerError } from '@boostercloud/streamer-connector'
import { BoundedCache } from './bounded-cache'
import type { PublishingSettings } from '../options'
import type { RegistryClient } from '../registry/registry-client'
import type { BodySchema, SchemaKind } from './schema-kind'
import type { Schemas } from './schemas'

/** A schema to write with, and the id to name it by. */
export interface PublishingSchema<S> {
  readonly id: number
  readonly schema: S
}

/** What is known for a type on a topic. */
interface Known<S> {
  /** The last answer. */
  found?: PublishingSchema<S>
  /** Until when it holds, in milliseconds since the process began. */
  until: number
  asking?: Promise<PublishingSchema<S>>
}

/** Subjects and types remembered. */
const REMEMBERED = 1_000
/** Milliseconds until a registry that was away is asked again for what is known already. */
const AWAY_MS = 5_000

/** Which schema an event is written with. */
export class PublishingSchemas<S extends BodySchema> {
  private readonly known = new BoundedCache<string, Known<S>>(REMEMBERED)

  public constructor(
    private readonly client: RegistryClient,
    private readonly schemas: Schemas<S>,
    private readonly settings: PublishingSettings<S>,
    private readonly kind: SchemaKind<S>
  ) {}

  /**
   * The schema for an event type on a topic. Rejects with `EVENT_NOT_ENCODABLE` when there is none to write with, else as the registry's
   * client does. While the registry is away, what was the newest schema still is.
   */
  public async for(type: string, topic: string | undefined): Promise<PublishingSchema<S>> {
    const known = this.knownFor(JSON.stringify([type, topic]))
    const { found, until } = known
    if (found && until > performance.now()) return found
    known.asking ??= this.ask(type, topic, known).finally(() => (known.asking = undefined))
    if (!found) return known.asking
    try {
      return await known.asking
    } catch (error) {
      if (!isStreamerError(error) || !error.retryable) throw error
      known.until = performance.now() + AWAY_MS
      return found
    }
  }

  private knownFor(key: string): Known<S> {
    const known = this.known.get(key) ?? { until: 0 }
    this.known.set(key, known)
    return known
  }

  private async ask(type: string, topic: string | undefined, known: Known<S>): Promise<PublishingSchema<S>> {
    const own = this.settings.schemas.get(type)
    const found = await (own ? this.idOfOwn(own, type, topic) : this.newest(type, topic))
    known.found = found
    known.until = own ? Infinity : performance.now() + this.settings.latestMs
    return found
  }

  private async idOfOwn(schema: S, type: string, topic: string | undefined): Promise<PublishingSchema<S>> {
    const subject = this.subject(schema.nameFor(type) ?? type, topic, type)
    const { autoRegister, compatibility } = this.settings
    if (!autoRegister) {
      const id = await this.client.idOf(subject, schema.text, this.kind.type)
      if (id === undefined) throw notThere('does not have the schema of', subject, type)
      return { id, schema }
    }
    if (compatibility !== undefined && (await this.client.compatibility(subject)) !== compatibility) {
      await this.client.setCompatibility(subject, compatibility)
    }
    return { id: await this.client.register(subject, schema.text, this.kind.type), schema }
  }

  private async newest(type: string, topic: string | undefined): Promise<PublishingSchema<S>> {
    const subject = this.subject(type, topic, type)
    const found = await this.client.version(subject, 'latest', this.kind.format)
    if (!found) throw notThere('has no subject for', subject, type)
    return { id: found.id, schema: await this.schemas.ready(found, subject) }
  }

  private subject(record: string, topic: string | undefined, type: string): string {
    const { subjectStrategy } = this.settings
    if (subjectStrategy === 'record') return record
    if (topic === undefined) {
      throw new StreamerError(
        'TOPIC_MISSING',
        'The subject of a schema is named after the topic, and there is no topic.',
        {
          at: type,
          hint: "Name the topic in the address, or choose subjectStrategy: 'record'.",
        }
      )
    }
    return subjectStrategy === 'topic' ? `${topic}-value` : `${topic}-${record}`
  }
}

function notThere(what: string, subject: string, type: string): StreamerError {
  return new StreamerError('EVENT_NOT_ENCODABLE', `The registry ${what} ${type}, in subject '${subject}'.`, {
    at: type,
    hint: "Register the schema there, or give it in 'schemas' with autoRegister: true.",
  })
}
