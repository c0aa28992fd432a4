import { metadataOf, withMetadata } from '@boostercloud/streamer-connector'
import type { ExternalEvent, WireMessage } from '@boostercloud/streamer-connector'
import type { LogConnector } from '../log-connector'
import { polled, publishing, replacing } from './fault'
import type { Fault } from './fault'

/** Changes the metadata that polls hand out. */
const metadata = (change: (event: ExternalEvent) => object): ((connector: LogConnector) => void) =>
  polled((events) =>
    events.map((event) => {
      const changed = { ...event.metadata, ...change(event) }
      if (typeof event.eventPayload === 'object' && event.eventPayload) withMetadata(event.eventPayload, changed)
      return { ...event, metadata: changed }
    })
  )

/** What can be lost or added between publishing and polling. */
export const wireFaults: readonly Fault[] = [
  {
    name: 'strips the metadata',
    breaks: ['metadata_round_trip', 'same_id_every_time', 'trace_context_round_trip', 'unicode_and_binary'],
    into: polled((events) => events.map(({ metadata: _, ...event }) => event)),
  },
  {
    name: 'leaves the metadata beside the wrapper only',
    breaks: ['metadata_round_trip'],
    into: polled((events) => events.map((event) => ({ ...event, eventPayload: structuredClone(event.eventPayload) }))),
  },
  {
    name: 'makes the version a string',
    breaks: ['metadata_round_trip'],
    into: metadata((event) => ({ version: String(event.metadata?.version) })),
  },
  {
    name: "takes the broker's time for the event's",
    breaks: ['metadata_round_trip'],
    into: metadata(() => ({ time: new Date().toISOString() })),
  },
  {
    name: 'drops headers of the user',
    breaks: ['metadata_round_trip', 'unicode_and_binary'],
    into: metadata(() => ({ headers: {} })),
  },
  {
    name: 'gives every copy a new id',
    breaks: ['same_id_every_time'],
    into: metadata(() => ({ id: Math.random().toString() })),
  },
  {
    name: 'drops the trace state',
    breaks: ['trace_context_round_trip'],
    into: metadata(() => ({ tracestate: undefined })),
  },
  {
    name: 'publishes recorded events as new ones',
    breaks: ['published_again_is_the_same'],
    into: replacing('publishRaw', (publishRaw) => (messages: readonly WireMessage[], topic?: string) => {
      const renamed = messages.map((one) => ({ ...one, attributes: { ...one.attributes, id: String(Math.random()) } }))
      return publishRaw(renamed, topic)
    }),
  },
  {
    name: 'does not say what was published again',
    breaks: ['published_again_is_the_same'],
    into: metadata(() => ({ replayed: undefined })),
  },
  {
    name: 'writes keys as ASCII',
    breaks: ['unicode_and_binary'],
    into: metadata(({ metadata: m }) => ({ key: m?.key && Buffer.from(m.key, 'ascii').toString('ascii') })),
  },
  {
    name: 'loses control characters',
    breaks: ['unicode_and_binary'],
    into: polled((events) =>
      events.map((event) => {
        const payload = event.eventPayload as { text?: string }
        if (typeof payload?.text !== 'string') return event
        const clean = { ...payload, text: payload.text.replace(/[\u0000-\u001f]/g, '') }
        return { ...event, eventPayload: withMetadata(clean, metadataOf(payload) ?? {}) }
      })
    ),
  },
  {
    name: 'invents a key',
    breaks: ['missing_key'],
    into: metadata(({ metadata: m }) => ({ key: m?.key ?? 'default' })),
  },
  {
    name: 'takes only what has headers',
    breaks: ['foreign_producer_without_headers', 'undecodable_is_delivered_as_undecodable'],
    into: polled((events) => events.filter(({ metadata: m }) => m?.type !== undefined)),
  },
  {
    name: 'throws on bytes that it cannot read',
    breaks: ['undecodable_is_delivered_as_undecodable'],
    into: polled((events) => {
      for (const { metadata: m } of events) if (m?.undecodable) throw m.undecodable
      return events
    }),
  },
  {
    name: 'forgets the bytes',
    breaks: ['undecodable_is_delivered_as_undecodable', 'foreign_producer_without_headers'],
    into: metadata(() => ({ raw: undefined })),
  },
  {
    name: 'parses without care',
    breaks: ['prototype_pollution_is_refused'],
    into: polled((events) =>
      events.map((event) =>
        event.metadata?.undecodable
          ? { ...event, eventPayload: JSON.parse(Buffer.from(event.metadata.raw ?? []).toString()), metadata: {} }
          : event
      )
    ),
  },
  {
    name: 'makes doubles of big integers',
    breaks: ['values_round_trip'],
    into: polled((events) => {
      for (const { eventPayload } of events) {
        const holder = eventPayload as { value?: unknown }
        if (typeof holder.value === 'bigint') holder.value = Number(holder.value)
      }
      return events
    }),
  },
  {
    name: 'publishes what JSON makes of anything',
    breaks: ['values_without_a_form_are_refused'],
    into: publishing((publish, events, topic) => publish(JSON.parse(JSON.stringify(events)) as object[], topic)),
  },
  {
    name: 'takes every text for UTF-8',
    breaks: ['foreign_values_arrive_or_are_refused'],
    into: polled((events) =>
      events.map((event) => {
        const { contentType, raw = new Uint8Array() } = event.metadata ?? {}
        return contentType?.startsWith('text/') ? { ...event, eventPayload: Buffer.from(raw).toString() } : event
      })
    ),
  },
  {
    name: 'throws on a header with a name that every object has',
    breaks: ['hostile_records_stop_nothing', 'hostile_records_are_dead_letters'],
    into: polled((events) => {
      for (const { metadata: m } of events)
        if (Object.hasOwn(m?.headers ?? {}, 'constructor'))
          throw new TypeError('headers.constructor.push is not a function')
      return events
    }),
  },
  {
    name: 'leaves out what it cannot read',
    breaks: [
      'hostile_records_stop_nothing',
      'hostile_records_are_dead_letters',
      'undecodable_is_delivered_as_undecodable',
    ],
    into: polled((events) => events.filter(({ metadata: m }) => m?.undecodable === undefined)),
  },
  {
    name: 'loses a header with a name that every object has',
    breaks: ['hostile_records_stop_nothing'],
    into: metadata(({ metadata: m }) => ({
      headers: Object.fromEntries(Object.entries(m?.headers ?? {}).filter(([name]) => !(name in {}))),
    })),
  },
  {
    name: 'hands out what is no event as one',
    breaks: ['hostile_records_stop_nothing'],
    into: metadata(() => ({ undecodable: undefined })),
  },
  {
    name: 'is unhealthy once it has read what cannot be decoded',
    breaks: ['hostile_records_stop_nothing', 'hostile_records_are_dead_letters'],
    into(connector) {
      let isSick = false
      polled((events) => {
        isSick ||= events.some(({ metadata: m }) => m?.undecodable !== undefined)
        return events
      })(connector)
      replacing('health', (health) => async () => ({ ...(await health()), healthy: !isSick }))(connector)
    },
  },
]
