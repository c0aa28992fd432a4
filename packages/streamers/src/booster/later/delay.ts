import type { EventInterface, NotificationInterface } from '@boostercloud/framework-types'

/** When an event is to happen, and how that is called. */
export interface Delay {
  /** What it is cancelled and moved by. */
  readonly name: string
  /** This setting of it. */
  readonly id: string
  /** The id that the event will have. */
  readonly eventId: string
  /** Milliseconds since 1970. */
  readonly dueAt: number
  readonly setAt: number
  readonly delayMs?: number
}

const delays = new WeakMap<object, Delay>()

/** Notes that an object that is registered is to be stored later. It is nobody else's. */
export function delay(event: EventInterface | NotificationInterface, how: Delay): void {
  delays.set(event, how)
}

/** How the object of an envelope is delayed; undefined where it is to be stored now. */
export function delayOf(value: object): Delay | undefined {
  return delays.get(value)
}

/**
 * Registered where a delayed event is cancelled, and never stored: Booster gives a handler's register no other way to the store.
 */
export class DelayedEventCancelled {
  public constructor(public readonly name: string) {}
}
