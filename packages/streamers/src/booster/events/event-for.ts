import { getLogger } from '@boostercloud/framework-common-helpers'
import type { BoosterConfig, Class, EventInterface } from '@boostercloud/framework-types'
import { StreamerError, metadataOf, withMetadata } from '@boostercloud/streamer-connector'
import type { ExternalEvent } from '@boostercloud/streamer-connector'
import type { HandlerLink } from '../../declare'
import { buildInstance } from '../fields/build-instance'
import { eventOfFields } from '../fields/check-fields'
import type { Warn } from '../fields/class-schema'
import { migrated } from '../compatibility'
import { migrationNamesOf } from '../migrations/migrations'

/**
 * What a handler is given. A typed one: an instance of its link's class, its own, migrated to the version that this service
 * knows. An untyped one: the payload as it came.
 *
 * Rejects with `EVENT_MISMATCH` where the payload does not fit the class, with `EVENT_VERSION_UNKNOWN` where its version is newer.
 */
export async function eventFor(config: BoosterConfig, link: HandlerLink, external: ExternalEvent): Promise<unknown> {
  const { eventClass, options } = link.declaration
  if (!eventClass) return external.eventPayload
  return eventOf(config, eventClass, external, { at: link.address, checkFields: options.checkFields ?? true })
}

/** An event as an instance of a class, migrated; rejects as {@link eventFor} does. */
export async function eventOf(
  config: BoosterConfig,
  eventClass: Class<EventInterface>,
  { eventPayload: payload, metadata: received }: ExternalEvent,
  how: { readonly at: string; readonly checkFields: boolean }
): Promise<object> {
  if (!isFields(payload)) {
    throw new StreamerError(
      'EVENT_MISMATCH',
      `The payload is not an object, so it cannot be an event of class ${eventClass.name}.`,
      {
        at: how.at,
        hint: 'Fix the producer, or handle this address without eventType.',
      }
    )
  }
  const metadata = received ?? metadataOf(payload) ?? {}
  const version = metadata.version ?? 1
  const name = migrationNamesOf(config).nameOf(eventClass)
  refuseNewer(how.at, eventClass.name, version, name === undefined ? 1 : config.currentVersionFor(name))
  const value = name === undefined ? payload : await migrated(config, name, version, payload)
  const event = how.checkFields
    ? eventOfFields(eventClass, value, how.at, warner(config))
    : buildInstance(eventClass, value)
  return withMetadata(event, metadata)
}

function warner(config: BoosterConfig): Warn {
  return (text) => getLogger(config, 'streamers').warn(text)
}

function isFields(payload: unknown): payload is object {
  return typeof payload === 'object' && payload !== null && !Array.isArray(payload) && !(payload instanceof Uint8Array)
}

function refuseNewer(at: string, typeName: string, version: number, current: number): void {
  if (version <= current) return
  throw new StreamerError(
    'EVENT_VERSION_UNKNOWN',
    `The event has version ${version} of ${typeName}; this service knows ${current}.`,
    { at, hint: 'Deploy a version of this service that knows it. The event waits.' }
  )
}
