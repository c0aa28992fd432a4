import { describeSchema, pullSchema, subjectState } from '@boostercloud/schema-registry-codec'
import type { Compatibility as RegistryMode, PulledSchema, RegistryOptions } from '@boostercloud/schema-registry-codec'
import { StreamerError, parseAddress } from '@boostercloud/streamer-connector'
import { avroOf } from './avro'
import type { Compatibility } from '../compare/compare'
import { TYPE, VERSION, fromDocument } from '../event-schema'
import type { EventSchema } from '../event-schema'
import { schemasOfShape } from './from-shape'
import { withoutFormats } from './without-formats'

/** How subjects are called: by the topic, by the record, or by both, as the codec's option `subjectStrategy` has it. */
export type Subjects = 'topic' | 'record' | 'topicRecord'

/** Where the registered schemas are. */
export interface InRegistry {
  readonly registry: RegistryOptions
  readonly subjects: Subjects
  /** That of the records, where subjects are called by them. */
  readonly namespace?: string
}

/** A version of a subject in the registry, and what the sources come to in the same terms. */
export interface Compared {
  /** Undefined: what the registry has no subject of. */
  readonly registered?: { readonly subject: string; readonly version: number; readonly mode: RegistryMode }
  /** What the subject asks of its versions; none: nothing. */
  readonly kept: Compatibility | 'none'
  readonly before: readonly EventSchema[]
  readonly after: readonly EventSchema[]
}

/** Whether a baseline is a registry's URL. */
export function isRegistry(against: string): boolean {
  return /^https?:\/\//.test(against)
}

/**
 * The schemas of the events' subjects in a registry, beside the events' own: the newest version of each, or every version where the subject asks that all fit. Both are
 * taken for what the language carries, so that only what travels differently is a change. Rejects with `OPTION_INVALID` for an event that no topic carries, where
 * subjects are called by topics, and where the registry has none of the subjects; else as `pullSchema` does.
 */
export async function registeredSchemas(events: readonly EventSchema[], where: InRegistry): Promise<Compared[]> {
  const subjects = new Map<string, EventSchema[]>()
  for (const event of events) {
    for (const subject of subjectsOf(event, where)) subjects.set(subject, [...(subjects.get(subject) ?? []), event])
  }
  const compared: Compared[] = []
  for (const [subject, carried] of subjects) {
    const { compatibility: mode, versions } = await subjectState(where.registry, subject)
    for (const version of mode.endsWith('_TRANSITIVE') ? versions : versions.slice(-1)) {
      const pulled = await pullSchema(where.registry, subject, version)
      compared.push({ registered: { subject, version, mode }, kept: KEPT[mode], ...sameTerms(pulled, carried) })
    }
  }
  if (compared.length === 0) throw nothingThere([...subjects.keys()])
  const known = new Set(compared.flatMap(({ after }) => after.map(({ event }) => event)))
  const unknown = events.filter(({ event }) => !known.has(event))
  return [...compared, { kept: 'full', before: [], after: unknown }]
}

const KEPT: Readonly<Record<RegistryMode, Compatibility | 'none'>> = {
  NONE: 'none',
  BACKWARD: 'backward',
  BACKWARD_TRANSITIVE: 'backward',
  FORWARD: 'forward',
  FORWARD_TRANSITIVE: 'forward',
  FULL: 'full',
  FULL_TRANSITIVE: 'full',
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
        hint: 'Name the topic in interface Streamers, or give --subjects record.',
      }
    )
  }
  return names.map((topic) => (subjects === 'topic' ? `${topic}-value` : `${topic}-${record}`))
}

type SameTerms = Pick<Compared, 'before' | 'after'>

/** What a subject has, and its events, as values of one language. */
function sameTerms(pulled: PulledSchema, events: readonly EventSchema[]): SameTerms {
  const extracted = pulled.language === 'JSON' ? fromDocument(documentOf(pulled)) : undefined
  // What was extracted from a class is in the terms of classes already.
  if (extracted) {
    return { before: [{ ...extracted, topics: {} }], after: events.map((event) => ({ ...event, topics: {} })) }
  }
  const before = [...schemasOfShape(pulled.shape, pulled.language)].map(([name, schema]) => {
    return registeredAs(pulled, name, schema, events)
  })
  const after = events
    .filter(({ event }) => events.length === 1 || before.some((one) => one.event === event))
    .map((event) => ({ ...event, schema: schemaIn(pulled, event), topics: {} }))
  return { before, after }
}

function registeredAs(
  pulled: PulledSchema,
  name: string,
  schema: EventSchema['schema'],
  events: readonly EventSchema[]
): EventSchema {
  const { [VERSION]: version, [TYPE]: said } = documentOf(pulled)
  const type = typeof said === 'string' ? said : undefined
  const now = nowOf(type ?? pulled.type ?? name, events, pulled)
  const { event = name, at = pulled.subject } = now ?? {}
  const known = typeof version === 'number' ? version : (now?.version ?? 1)
  return { event, type, version: known, at, schema, methods: [], topics: {} }
}

/** The class of what is called so on the wire; in a subject of one class whose schema has no name, that one. */
function nowOf(
  name: string,
  events: readonly EventSchema[],
  { language, type }: PulledSchema
): EventSchema | undefined {
  const found = events.find((one) => one.event === name) ?? events.find((one) => one.type === name)
  return found ?? (language === 'JSON' && type === undefined && events.length === 1 ? events[0] : undefined)
}

function schemaIn({ language }: PulledSchema, event: EventSchema): EventSchema['schema'] {
  if (language !== 'AVRO') return withoutFormats(event.schema)
  return schemasOfShape(describeSchema(avroOf(event)), language).get(event.event) ?? {}
}

type Document = Readonly<Record<string, unknown>>

/** The JSON that a schema is, where it is JSON and stands alone. */
function documentOf({ language, text }: PulledSchema): Document {
  return language === 'PROTOBUF' || text === undefined ? {} : (JSON.parse(text) as Document)
}

function nothingThere(subjects: readonly string[]): StreamerError {
  return new StreamerError('OPTION_INVALID', 'The registry has no schema of any of these events.', {
    at: subjects.join(', '),
    hint: 'Register what contracts extract writes, or say how subjects are named with --subjects and --namespace.',
  })
}
