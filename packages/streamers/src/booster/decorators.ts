import { Booster, Event as CoreEvent, EventHandler as CoreEventHandler } from '@boostercloud/framework-core'
import type { Class, EventHandlerInterface, EventInterface } from '@boostercloud/framework-types'
import type { Address } from '@boostercloud/streamer-connector'
import { declaredAt } from '../declare'
import type { EventDecorator, EventHandlerDecorator, EventOptions, HandlerClass, OwnHandlingOptions } from '../declare'
import { registerMigrations } from './compatibility'
import { currentDeclarations } from './install'
import { migrationNamesOf } from './migrations/migrations'
import { expectSchemaOf } from './fields/schema-file'

type AnyEventClass = Class<EventInterface>
type AnyHandlerOptions = OwnHandlingOptions & {
  readonly eventType?: AnyEventClass
  readonly streamedFrom: Address | readonly Address[]
}

/**
 * Marks a class as an event: `@Event` as Booster's own, `@Event({ streamTo })` for one that is also published, after it is
 * stored, to one address or several. At boot a wrong address stops the service with a `StreamerError`.
 * @public
 */
export const Event = ((argument: AnyEventClass | EventOptions) => {
  if (typeof argument === 'function') {
    currentDeclarations()
    return CoreEvent(argument)
  }
  return (eventClass: unknown): void => {
    const declared = eventClass as AnyEventClass
    CoreEvent(declared)
    currentDeclarations().events.push({
      eventClass: declared,
      streamTo: listOf(argument.streamTo),
      requires: argument.requires ?? {},
      at: declaredAt(declared.name),
    })
  }
}) as EventDecorator

/**
 * Marks a class as an event handler: `@EventHandler(Class)` as Booster's own, for events of this service;
 * `@EventHandler({ eventType, streamedFrom })` for events of a class that a streamer brings; `@EventHandler({ streamedFrom })` for
 * everything at an address, as `unknown`.
 *
 * What a streamed handler registers takes effect once for each event; its code may run again after a crash or a failure, and
 * `metadataOf(event).id` is then the same. `register.flush()` adds to what is stored when the handler has finished.
 * @public
 */
export const EventHandler = ((argument: AnyEventClass | AnyHandlerOptions) => {
  if (typeof argument === 'function') {
    return (handler: unknown): void => {
      currentDeclarations()
      CoreEventHandler(argument)(handler as EventHandlerInterface)
    }
  }
  const { eventType, streamedFrom, ...options } = argument
  if (eventType) expectSchemaOf(eventType)
  return (handler: unknown): void => {
    const handlerClass = handler as HandlerClass
    currentDeclarations().handlers.push({
      handlerClass,
      eventClass: eventType,
      streamedFrom: listOf(streamedFrom),
      options,
      at: declaredAt(handlerClass.name),
    })
  }
}) as EventHandlerDecorator

/**
 * Marks a class as the schema migrations of an event class, as Booster's own decorator does. The difference: classes of one name, which
 * come from two streamers, keep their migrations apart.
 * @public
 */
export function SchemaMigration(eventClass: Class<unknown>): (migrationClass: Class<unknown>) => void {
  return (migrationClass) => {
    currentDeclarations()
    Booster.configureCurrentEnv((config) => {
      registerMigrations(migrationNamesOf(config).nameFor(eventClass), migrationClass)
    })
  }
}

function listOf(addresses: Address | readonly Address[]): readonly string[] {
  return typeof addresses === 'string' ? [addresses] : addresses
}
