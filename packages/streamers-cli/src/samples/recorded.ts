import { createReadStream, existsSync } from 'node:fs'
import { StreamerError, isReplayable } from '@boostercloud/streamer-connector'
import type { EventMetadata, ExternalEvent } from '@boostercloud/streamer-connector'
import { readEvents } from '../terminal/json-input'
import { sourceAt } from '../app/source'
import type { SourceOptions } from '../app/source'

/** An event that was published once. */
export interface Recorded {
  readonly event: ExternalEvent
  /** Where it is, for messages: a file and its line, or an address and a position. */
  readonly at: string
  /** Why it could not be decoded when it was written down. */
  readonly undecodable?: string
}

/**
 * Events from a file of JSON lines, as `tail --json` writes them, or of an address, all that are there now. Rejects with `OPTION_INVALID` for a line
 * that is no event, and for a streamer whose events cannot be read again.
 */
export function recordedEvents(samples: string, options: SourceOptions): AsyncGenerator<Recorded, void, undefined> {
  return existsSync(samples) ? fromFile(samples) : fromAddress(samples, options)
}

async function* fromFile(file: string): AsyncGenerator<Recorded, void, undefined> {
  for await (const { value, at } of readEvents(createReadStream(file), file, { jsonLines: true })) {
    const { payload, undecodable, ...metadata } = value as Line
    if (payload === undefined && undecodable === undefined) {
      throw new StreamerError('OPTION_INVALID', 'A line is not a recorded event: it has no payload.', {
        at,
        hint: 'Write the file with: boost-streamers tail ADDRESS --from first --json > FILE',
      })
    }
    yield { event: { streamerId: 'file', eventPayload: payload, metadata }, at, undecodable }
  }
}

/** What `tail --json` writes. */
type Line = EventMetadata & { readonly payload?: unknown; readonly undecodable?: string & EventMetadata['undecodable'] }

async function* fromAddress(address: string, options: SourceOptions): AsyncGenerator<Recorded, void, undefined> {
  const source = sourceAt(address, options)
  try {
    if (!isReplayable(source.connector)) {
      throw new StreamerError('OPTION_INVALID', 'The events of this streamer cannot be read again.', {
        at: address,
        hint: 'Record them as they come, with boost-streamers tail ADDRESS --json > FILE, and name the file.',
      })
    }
    for await (const event of source.connector.read(source.topic, {})) {
      yield { event, at: `${address} ${event.eventId ?? ''}`.trim(), undecodable: event.metadata?.undecodable?.message }
    }
  } finally {
    await source.close()
  }
}
