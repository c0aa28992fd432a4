import type { Streamers } from './streamers'

/**
 * Whether the app has declared its streamers.
 * @public
 */
export type Declared = [keyof Streamers] extends [never] ? false : true

/**
 * The id of a streamer: any string until the app declares its streamers.
 * @public
 */
export type StreamerId = Declared extends true ? keyof Streamers & string : string

/**
 * The topics of a streamer.
 * @public
 */
export type TopicOf<S extends string> = S extends keyof Streamers ? keyof Streamers[S] & string : string

/**
 * `streamerId/topic`, or `streamerId` alone where the streamer has a default topic.
 * @public
 */
export type Address = Declared extends true
  ? { [S in keyof Streamers & string]: S | `${S}/${keyof Streamers[S] & string}` }[keyof Streamers & string]
  : string

/**
 * The events that an address carries; `unknown` where nothing is declared.
 * @public
 */
export type EventsAt<A> = Declared extends false
  ? unknown
  : A extends `${infer S}/${infer T}`
    ? S extends keyof Streamers
      ? T extends keyof Streamers[S]
        ? Streamers[S][T]
        : never
      : never
    : A extends keyof Streamers
      ? Streamers[A][keyof Streamers[A]]
      : never
