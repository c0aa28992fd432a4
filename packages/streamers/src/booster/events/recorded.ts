import { Booster } from '@boostercloud/framework-core'
import type { BoosterConfig, Class, EventInterface } from '@boostercloud/framework-types'
import type { ExternalEvent } from '@boostercloud/streamer-connector'
import { handledTypes } from '../../declare'
import { eventOf } from './event-for'
import { currentDeclarations } from '../install'

/**
 * The event classes that the handlers loaded in this process name, each once. Nothing is started.
 * @internal
 */
export function handledClasses(): Class<EventInterface>[] {
  const classes = currentDeclarations().handlers.flatMap(({ eventClass }) => (eventClass ? [eventClass] : []))
  return [...new Set(classes)]
}

/**
 * The classes that the handlers loaded in this process name, by what their events are called on the wire. Nothing is started.
 * @internal
 */
export function handledEventTypes(): ReadonlyMap<string, Class<EventInterface>> {
  const handlers = currentDeclarations().handlers
  return new Map(
    handlers.flatMap((handler) => {
      const { eventClass } = handler
      return eventClass ? (handledTypes(handler) ?? []).map((type) => [type, eventClass] as const) : []
    })
  )
}

/**
 * An event that was recorded, as a handler of the class would be given it now: migrated with the migrations that are loaded in this process, and
 * its fields checked. Nothing is started. `at` says where it was recorded.
 *
 * Rejects with `EVENT_MISMATCH`, with `EVENT_VERSION_UNKNOWN`, or as a migration does.
 * @internal
 */
export async function readEvent(
  eventClass: Class<EventInterface>,
  external: ExternalEvent,
  at: string
): Promise<object> {
  return eventOf(currentConfig(), eventClass, external, { at, checkFields: true })
}

function currentConfig(): BoosterConfig {
  let current: BoosterConfig | undefined
  Booster.configureCurrentEnv((config) => {
    current = config
  })
  if (!current) throw new Error('Booster calls the configurator at once.')
  return current
}
