import { describeSchema, pullSchema } from '@boostercloud/schema-registry-codec'
import type { PulledSchema, RegistryOptions } from '@boostercloud/schema-registry-codec'
import { StreamerError, isStreamerError, parseAddress } from '@boostercloud/streamer-connector'
import { avroOf } from './avro'
import { TYPE, VERSION } from './event-schema'
import type { EventSchema } from './event-schema'
import { schemasOfShape } from './from-shape'

/** How subjects are called: by the topic, by the record, or by both, as the codec's option `subjectStrategy` has it. */
export type Subjects = 'topic' | 'record' | 'topicRecord'

/** Where the registered schemas are. */
export interface InRegistry {
  readonly registry: RegistryOptions
  readonly subjects: Subjects
  /** That of the records, where subjects are called by them. */
  readonly namespace?: string
}

/** What was registered, and what the sources come to in the same terms. */
export interface Compared {
  readonly before: readonly EventSchema[]
  readonly after: readonly EventSchema[]
}

/** Whether a baseline is a registry's URL. */
export function isRegistry(against: string): boolean {
  return /^https?:\/\//.test(against)
}

/**
 * The newest schemas of the events' subjects in a registry, beside the events' own. Both are taken for what Avro carries, so that only what travels
 * differently is a change. Rejects with `OPTION_INVALID` for an event that no topic carries, where subjects are called by topics, and where
 * the registry has none of the subjects; else as `pullSchema` does.
 */
export async function registeredSchemas(events: readonly EventSchema[], where: InRegistry): Promise<Compared> {
  const before = new Map<string, EventSchema>()
  const asked = [...new Set(events.flatMap((event) => subjectsOf(event, where)))]
  let found = 0
  for (const subject of asked) {
    const pulled = await newestOf(subject, where.registry)
    if (!pulled) continue
    found += 1
    for (const [event, schema] of schemasOfShape(pulled.shape)) {
      const { type, version } = saidIn(pulled)
      const now = events.find((one) => (type === undefined ? one.event === event : one.type === type))
      const at = now?.at ?? subject
      before.set(event, { event, type, version: version ?? now?.version ?? 1, at, schema, methods: [], topics: {} })
    }
  }
  if (found === 0) throw nothingThere(asked)
  return { before: [...before.values()], after: events.map(inAvro) }
}

function subjectsOf({ event, topics, at }: EventSchema, { subjects, namespace }: InRegistry): string[] {
  const record = namespace === undefined ? event : `${namespace}.${event}`
  if (subjects === 'record') return [record]
  const names = Object.keys(topics).flatMap((address) => parseAddress(address).topic ?? [])
  if (names.length === 0) {
    throw new StreamerError(
      'OPTION_INVALID',
      `No topic of the contract carries ${event}, so its subject is not known.`,
      {
        at,
        hint: 'Name the topic in interface Streamers, or say --subjects record.',
      }
    )
  }
  return names.map((topic) => (subjects === 'topic' ? `${topic}-value` : `${topic}-${record}`))
}

async function newestOf(subject: string, registry: RegistryOptions): Promise<PulledSchema | undefined> {
  try {
    return await pullSchema(registry, subject)
  } catch (error) {
    if (isStreamerError(error, 'OPTION_INVALID')) return undefined
    throw error
  }
}

/** The event's version and wire type, where the schema was extracted from a class. */
function saidIn({ text }: PulledSchema): Partial<Pick<EventSchema, 'type' | 'version'>> {
  const { [VERSION]: version, [TYPE]: type } = (text === undefined ? {} : JSON.parse(text)) as Said
  return {
    version: typeof version === 'number' ? version : undefined,
    type: typeof type === 'string' ? type : undefined,
  }
}

type Said = { readonly [VERSION]?: unknown; readonly [TYPE]?: unknown }

function inAvro(event: EventSchema): EventSchema {
  const schema = schemasOfShape(describeSchema(avroOf(event))).get(event.event)
  return { ...event, schema: schema ?? {}, topics: {} }
}

function nothingThere(subjects: readonly string[]): StreamerError {
  return new StreamerError('OPTION_INVALID', 'The registry has no schema of any of these events.', {
    at: subjects.join(', '),
    hint: 'Register what contracts extract --format avro writes, or say how subjects are called with --subjects and --namespace.',
  })
}
