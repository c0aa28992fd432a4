import type { Class, EventInterface, NotificationInterface, Register } from '@boostercloud/framework-types'
import type { Address, Declared, EventsAt } from '@boostercloud/streamer-connector'
import type { EventOptions, OwnHandlingOptions } from './options'

/**
 * Whether a union has a member of the same shape.
 * @experimental
 */
export type HasSame<E, U> = U extends unknown ? ([E] extends [U] ? ([U] extends [E] ? true : never) : never) : never

/**
 * Those of some addresses that do not carry an event.
 * @experimental
 */
export type NotCarrying<E, A> = Declared extends false
  ? never
  : A extends unknown
    ? [HasSame<E, EventsAt<A>>] extends [never]
      ? A
      : never
    : never

/**
 * What the compiler shows where an event and an address do not belong together.
 * @public
 */
export interface TopicDoesNotCarryEvent<A> {
  'The topic does not carry this event: see interface Streamers': A
}

/**
 * The class, if every address carries its events.
 * @experimental
 */
export type CarriedClass<E, A> = [NotCarrying<E, A>] extends [never]
  ? Class<E>
  : TopicDoesNotCarryEvent<NotCarrying<E, A>>

/**
 * Of an address that is none the compiler has no more to go by than every address there is. It must report that one, and
 * not of the class too.
 * @experimental
 */
export type HandledClass<E, A> = [Address] extends [A]
  ? [HasSame<E, EventsAt<A>>] extends [never]
    ? CarriedClass<E, A>
    : Class<E>
  : CarriedClass<E, A>

/**
 * A handler class for events of a type.
 * @public
 */
export interface StreamedEventHandler<E> {
  // A property, not a method: parameters of methods are compared both ways, and a wrong one would pass.
  readonly handle: (event: E, register: Register) => Promise<void>
}

/**
 * A handler class that takes several events at once, of several keys, each key's in order. They have one outcome; where the batch
 * fails, each is handled alone.
 * @public
 */
export interface StreamedBatchHandler<E> {
  readonly handleBatch: (events: E[], register: Register) => Promise<void>
}

/**
 * `@EventHandler({ eventType, streamedFrom })`, or `@EventHandler({ streamedFrom })` for every event of an address.
 * @public
 */
export interface EventHandlerOptions<E, A extends Address> extends OwnHandlingOptions {
  /** The class of the events; not registered with Booster by being named here. */
  readonly eventType?: HandledClass<E, A>
  /** Where they come from: one address or several. */
  readonly streamedFrom: A | readonly A[]
}

/**
 * Booster's `@Event`, and the one that streams.
 * @public
 */
export interface EventDecorator {
  /** Booster's own: registers the class of an event. */
  <E extends EventInterface>(eventClass: Class<E>): void
  /** Registers the class, and publishes its events after they are stored. */
  <A extends Address>(options: EventOptions<A>): <E extends EventInterface>(eventClass: CarriedClass<E, A>) => void
}

/**
 * Booster's `@EventHandler`, and those for events that streamers bring.
 * @public
 */
export interface EventHandlerDecorator {
  /** Booster's own: handles this service's events of a class. */
  <E extends EventInterface | NotificationInterface>(eventClass: Class<E>): (handler: StreamedEventHandler<E>) => void
  // One signature for both: a compiler that tells of one overload only tells of the one that was meant.
  /** Handles the events of a class from one streamer or several; without `eventType` every event of an address, as it came. */
  <A extends Address, E = unknown>(
    options: EventHandlerOptions<E, A> & { readonly eventType?: Class<E> }
  ): (handler: StreamedEventHandler<E> | StreamedBatchHandler<E>) => void
}
