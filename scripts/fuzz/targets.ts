import { strict as assert } from 'node:assert'
import {
  cloudEvents,
  formatAddress,
  isStreamerError,
  json,
  parseAddress,
  receivedEvent,
} from '@boostercloud/streamer-connector'
import type { LocalStreamer } from '@boostercloud/local-streamer'
import type { Core } from './core'
import { message, word } from './messages'
import type { Random } from './random'
import { asReceived } from './received'
import type { ReceivedEvent } from './received'

const CODECS = [cloudEvents, json]

/** A message through a codec. Answers what it became: an event, whatever its payload is, or one that cannot be read, with its bytes. */
export async function throughCodec(
  random: Random,
  place: number,
  { packEvent, unpackEvent }: Core
): Promise<ReceivedEvent> {
  const wire = message(random)
  const from = { streamerId: 'log', topic: 'fuzz', eventId: String(place) }
  const event = asReceived(await receivedEvent(random.of(CODECS), wire, from))
  const { undecodable, raw, version } = event.metadata
  assert.deepEqual(Buffer.from(raw ?? []), Buffer.from(wire.body), 'the bytes are kept')
  if (undecodable) {
    assert.ok(isStreamerError(undecodable, 'EVENT_UNDECODABLE'), 'what cannot be read says so')
    assert.equal(event.eventPayload, undefined)
  }
  assert.ok(version === undefined || (Number.isSafeInteger(version) && version > 0), 'the version is a whole number')
  const kept = unpackEvent(packEvent(event))
  assert.deepEqual(Buffer.from(kept.metadata?.raw ?? []), Buffer.from(wire.body), 'it can be parked')
  return event
}

/** A word as an address: an address in two parts, or ADDRESS_MALFORMED. */
export function asAddress(random: Random): 'read' | 'refused' {
  const text = word(random)
  try {
    assert.equal(formatAddress(parseAddress(text)), text)
    return 'read'
  } catch (error) {
    if (!isStreamerError(error, 'ADDRESS_MALFORMED')) throw error
    return 'refused'
  }
}

/** A word as the position of a poll: events, or OPTION_INVALID. */
export async function asPosition(random: Random, streamer: LocalStreamer): Promise<'read' | 'refused'> {
  try {
    assert.ok(Array.isArray(await streamer.poll('fuzz', word(random))))
    return 'read'
  } catch (error) {
    if (!isStreamerError(error, 'OPTION_INVALID')) throw error
    return 'refused'
  }
}
