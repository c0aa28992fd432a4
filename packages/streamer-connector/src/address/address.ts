import { StreamerError } from '../contract'
import type { Address, StreamerId, TopicOf } from './declared'

/**
 * An address in its two parts.
 * @public
 */
export interface ParsedAddress {
  readonly streamerId: string
  readonly topic?: string
}

/** Control characters, line separators, halves of a surrogate pair, and blanks at an end of a part: never meant, and hard to see in a log. */
const UNPRINTABLE = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]|^\s|\s$|^[^/]*\s\/|^[^/]*\/\s/u

/**
 * Splits an address at its first `/`: a streamer's id has none, a topic may.
 *
 * Throws `ADDRESS_MALFORMED` for anything that is not `streamerId` or `streamerId/topic`; `at` says whose address it is.
 * @public
 */
export function parseAddress(address: string, at?: string): ParsedAddress {
  const malformed = (what: string): StreamerError =>
    new StreamerError('ADDRESS_MALFORMED', what, {
      at,
      hint: "Write 'streamerId/topic', such as 'main-kafka/posts', or only the streamer's id if it has a default topic.",
    })
  if (typeof address !== 'string') throw malformed(`An address must be a string, not ${typeof address}.`)
  if (address === '') throw malformed('An address is empty.')
  if (UNPRINTABLE.test(address))
    throw malformed(`The address ${JSON.stringify(address)} has blanks or control characters.`)
  const slash = address.indexOf('/')
  if (slash === 0) throw malformed(`The address '${address}' has no streamer before its '/'.`)
  if (slash === address.length - 1) throw malformed(`The address '${address}' has no topic after its '/'.`)
  return slash < 0 ? { streamerId: address } : { streamerId: address.slice(0, slash), topic: address.slice(slash + 1) }
}

/**
 * The inverse of {@link parseAddress}.
 * @public
 */
export function formatAddress({ streamerId, topic }: ParsedAddress): string {
  return topic === undefined ? streamerId : `${streamerId}/${topic}`
}

/**
 * An address from its two parts, checked by the compiler against what the app has declared in {@link Streamers}.
 *
 * Throws `ADDRESS_MALFORMED` for parts that make no address.
 * @public
 */
export function streamer<S extends StreamerId>(streamerId: S): S & Address
export function streamer<S extends StreamerId, T extends TopicOf<S>>(streamerId: S, topic: T): `${S}/${T}` & Address
export function streamer(streamerId: string, topic?: string): string {
  const address = formatAddress({ streamerId, topic })
  const parsed = parseAddress(address)
  if (parsed.streamerId !== streamerId) {
    throw new StreamerError('ADDRESS_MALFORMED', `A streamer's id cannot contain '/': '${streamerId}'.`, {
      hint: 'Rename the streamer in config.streamers, or pass the topic as the second argument.',
    })
  }
  return address
}
