import { microsOf } from './instants'
import type { RecordedEvent } from './recorded-event'

/** When an event was published, or was recorded where it does not say that; milliseconds since 1970. */
export function publishedAt({ time, recordedAt }: RecordedEvent): number {
  const micros = time === undefined ? undefined : microsOf(time)
  return micros === undefined ? recordedAt : Number(micros) / 1000
}
