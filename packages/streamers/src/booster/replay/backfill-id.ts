import { createHash } from 'node:crypto'
import type { EventEnvelope } from '@boostercloud/framework-types'
import { jsonText } from '@boostercloud/streamer-connector'
import { isStreamed } from '../events/stored-envelope'
import type { StreamedEnvelope } from '../events/stored-envelope'

/** The namespace of these ids (RFC 9562 §5.5): a random UUID, chosen once. */
const NAMESPACE = Buffer.from('6a0c33ac5f0b4d5e9a3b1d0f6f5f8a27', 'hex')

/**
 * The stored events of one entity, in the order given, each with an id that every run gives it again: its own if streaming has given
 * it one, else one made of the app, the event and its moment. Equal events of one moment are told apart by their number.
 */
export function withStableIds(appName: string, ofEntity: readonly EventEnvelope[]): StreamedEnvelope<EventEnvelope>[] {
  const met = new Map<string, number>()
  return ofEntity.map((envelope) => {
    if (isStreamed(envelope)) return envelope
    const { typeName, entityTypeName, entityID, createdAt, value } = envelope
    const facts = jsonText([appName, typeName, entityTypeName, entityID, createdAt, value])
    const ordinal = met.get(facts) ?? 0
    met.set(facts, ordinal + 1)
    return { ...envelope, streamsId: uuidOf(`${facts}#${ordinal}`) }
  })
}

/** A UUID of version 5 (RFC 9562 §5.5). */
function uuidOf(name: string): string {
  const bytes = createHash('sha1').update(NAMESPACE).update(name).digest().subarray(0, 16)
  bytes[6] = (bytes[6] & 0x0f) | 0x50
  bytes[8] = (bytes[8] & 0x3f) | 0x80
  const hex = bytes.toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}
