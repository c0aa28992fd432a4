import type { ConfiguredStreamer } from './configured'
import type { InspectedCapabilities } from './streamer-capabilities'

/** An event class that a service publishes to an address. */
export interface InspectedEvent {
  /** The class's name. */
  readonly event: string
  /** What its events are called on the wire. */
  readonly type: string
  /** The schema version that this service writes, from 1. */
  readonly version: number
  /** As in the source: with its topic, or without where the streamer has a default one. */
  readonly address: string
  /** What it requires of its streamer. */
  readonly requires: Readonly<Record<string, string | boolean>>
  /** `src/events/post-created.ts:12`. */
  readonly at: string
}

/** A handler class that a service has at an address. */
export interface InspectedHandler {
  /** The name that it says, else its class's. */
  readonly handler: string
  /** The event's class; undefined: everything at the address. */
  readonly event?: string
  /** What the events that it takes are called on the wire, the class's own type first; undefined: everything at the address. */
  readonly types?: readonly string[]
  /** The newest schema version of the class that this service knows. */
  readonly version?: number
  readonly address: string
  /** The event's fields that it reads; `*`: it hands the event on, and may read any. */
  readonly reads: readonly string[]
  readonly at: string
}

/** A streamer that a service configures. */
export interface InspectedStreamer {
  readonly id: string
  /** As `KafkaStreamer`; undefined where the source does not say. */
  readonly connector?: string
  /** What it can be relied on for, as far as the source says. */
  readonly capabilities: InspectedCapabilities
  readonly at: string
}

/** What the sources of a service say of its links. Every list is in the order of the files and lines. */
export interface InspectedService {
  /** `config.appName`; else the name of its package. */
  readonly name: string
  readonly streamers: readonly InspectedStreamer[]
  /** What each id stands for, in each environment. */
  readonly configured: readonly ConfiguredStreamer[]
  readonly publishes: readonly InspectedEvent[]
  readonly handles: readonly InspectedHandler[]
}
