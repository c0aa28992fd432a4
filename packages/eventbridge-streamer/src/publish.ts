import { StreamerError, metadataToPublish } from '@boostercloud/streamer-connector'
import type { EventInterface } from '@boostercloud/framework-types'
import type { Route } from './names'
import { sizeOf, toEntry } from './wire'
import type { Entry } from './wire'

/** An entry with its size. */
export interface Sized {
  readonly entry: Entry
  readonly bytes: number
}

/**
 * Events as entries, all of them before the first is sent. Rejects with `EVENT_NOT_ENCODABLE`, with `EVENT_TOO_LARGE`, or with what the
 * codec's registry is at fault for.
 */
export async function encode(
  events: readonly EventInterface[],
  route: Route,
  source: string,
  maxEventBytes: number
): Promise<Sized[]> {
  const all: Sized[] = []
  for (const event of events) {
    const metadata = metadataToPublish(event, source)
    const written = route.codec.encode(event, metadata, route.topic)
    const entry = toEntry(written instanceof Promise ? await written : written, metadata, route)
    const bytes = sizeOf(entry)
    if (bytes > maxEventBytes) throw tooLarge(bytes, maxEventBytes, metadata.type)
    all.push({ entry, bytes })
  }
  return all
}

function tooLarge(bytes: number, most: number, at: string): StreamerError {
  return new StreamerError('EVENT_TOO_LARGE', `An event has ${bytes} bytes as AWS counts them; the most is ${most}.`, {
    at,
    hint: "Publish a reference to the large part instead, or raise the streamer's maxEventBytes where the region takes more.",
  })
}
