/**
 * Something that is due at a time: a delayed event of the app, or a time-out of a saga. It is durable, and fires once.
 * @experimental
 */
export interface Timer {
  /** Whose it is: a saga's name, or what stands for the app. */
  readonly handler: string
  /** What it is cancelled and moved by: one for each handler. */
  readonly name: string
  /** This setting of it: another one whenever it is set again. It fires once under this id. */
  readonly id: string
  /** Milliseconds since 1970. */
  readonly dueAt: number
  /** When it was set, in milliseconds since 1970. */
  readonly setAt: number
  /** Milliseconds from `setAt` to `dueAt`, where a delay was given; undefined where a time was. */
  readonly delayMs?: number
  /** The key of what it holds, an entity's id: `forgetKey` removes it. Undefined: of no key. */
  readonly key?: string
  /** What it is about, for the handler that it fires for. */
  readonly content: Uint8Array
}

/**
 * Which timers are asked for.
 * @experimental
 */
export interface TimersPage {
  readonly limit: number
  /** Those that are due by then, in milliseconds since 1970. Default: all. */
  readonly by?: number
  /** Those behind this one only. */
  readonly after?: Pick<Timer, 'dueAt' | 'handler' | 'name'>
  /** Those of this key only. All timers are read for it. */
  readonly key?: string
}

/**
 * How far ahead of a clock that is right another one may be, in milliseconds. A delay that was set by one which was farther ahead is counted from when that
 * is noticed.
 * @internal
 */
export const CLOCK_AHEAD_MS = 60_000
