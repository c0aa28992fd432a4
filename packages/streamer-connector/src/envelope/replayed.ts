import type { WireMessage } from '../contract'

/**
 * The header of a message that was published again from a recording.
 * @internal
 */
export const REPLAYED = 'boosterstreamers-replayed'

/**
 * A message as it is published again: marked, and otherwise the same.
 * @internal
 */
export function markedAsReplayed(message: WireMessage): WireMessage {
  return { ...message, headers: { ...message.headers, [REPLAYED]: 'true' } }
}

/**
 * The message without its mark; the same one where it has none.
 * @internal
 */
export function withoutMark(message: WireMessage): WireMessage {
  // What a producer wrote may lack what the type promises: one record must not stop its topic.
  const headers = message.headers as WireMessage['headers'] | null | undefined
  if (headers?.[REPLAYED] === undefined) return message
  const { [REPLAYED]: _, ...others } = headers
  return { ...message, headers: others }
}
