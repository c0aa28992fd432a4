import { Booster } from '@boostercloud/framework-core'
import type { EventInterface, NotificationInterface, Register } from '@boostercloud/framework-types'
import { StreamerError, copyOf, newEventId } from '@boostercloud/streamer-connector'
import { streamsIn } from '../install'
import { DelayedEventCancelled, delay } from './delay'

/**
 * When a delayed event happens.
 * @public
 */
export type LaterOptions = LaterTime & {
  /**
   * What the event is cancelled and moved by, one for the whole service: `later` with the same name replaces what waits under it. Default: one of its own.
   */
  readonly name?: string
}

/**
 * A delay in milliseconds, or a time. A time that is past is now.
 * @public
 */
export type LaterTime =
  { readonly in: number; readonly at?: undefined } | { readonly at: Date; readonly in?: undefined }

/** Milliseconds since 1970 that a `Date` can hold at most. */
const LATEST = 8_640_000_000_000_000

/**
 * Registers an event, or a notification, that happens later: it is kept in the streaming state until then, across restarts, and is stored, handled and published as every registered
 * event when it is due, once, by one of the replicas. Its time is kept to the second; those of one entity are stored in the order of their times.
 *
 * It becomes durable with what else is registered: in one transaction where the provider keeps the streaming state; elsewhere just before that is stored, so
 * that a process which dies in between may leave a delayed event behind whose command has failed.
 *
 * Throws `OPTION_INVALID` for a time that is none, and where the app does not stream.
 * @public
 */
export function later(register: Register, event: EventInterface | NotificationInterface, options: LaterOptions): void {
  requireStreaming('later')
  const { name } = options
  const setAt = Date.now()
  const { in: inMs, at } = options
  const delayMs = inMs === undefined ? undefined : Math.ceil(inMs)
  const dueAt = delayMs === undefined ? at?.getTime() : setAt + delayMs
  if (dueAt === undefined || !(Math.abs(dueAt) <= LATEST) || (inMs !== undefined && inMs < 0)) throw noTime()
  // The app may register the same object for now, too.
  const own = copyOf(event)
  const id = newEventId()
  delay(own, { name: name ?? id, id, eventId: newEventId(), dueAt: Math.ceil(dueAt), setAt, delayMs })
  register.events(own)
}

/**
 * Cancels what was registered by {@link later} under a name, together with what else is registered. Nothing happens where nothing waits under it, or it has just
 * been stored. Throws `OPTION_INVALID` where the app does not stream.
 * @public
 */
export function cancelLater(register: Register, name: string): void {
  const { notifications } = requireStreaming('cancelLater')
  notifications[DelayedEventCancelled.name] ??= { class: DelayedEventCancelled as never }
  register.events(new DelayedEventCancelled(name) as NotificationInterface)
}

function requireStreaming(at: string): typeof Booster.config {
  const { config } = Booster
  if (streamsIn(config)) return config
  throw new StreamerError('OPTION_INVALID', 'The app has no streams, so nothing would store the delayed event.', {
    at,
    hint: "Import Event or EventHandler from '@boostercloud/streamers', and set config.streaming = {} if no event is streamed.",
  })
}

function noTime(): StreamerError {
  return new StreamerError('OPTION_INVALID', 'The time of a delayed event is not valid.', {
    at: 'later',
    hint: 'Give in: a number of milliseconds, at least 0, or at: a valid Date.',
  })
}
