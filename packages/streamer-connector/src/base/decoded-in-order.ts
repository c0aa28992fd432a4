import type { ExternalEvent } from '../contract'

/**
 * Records as events, one after another, so that they stay in order. Rejects as `decode` does.
 * @experimental
 */
export async function decodedInOrder<R>(
  records: Iterable<R>,
  decode: (record: R) => ExternalEvent | Promise<ExternalEvent>
): Promise<ExternalEvent[]> {
  const events: ExternalEvent[] = []
  for (const record of records) {
    const event = decode(record)
    // To wait for each would cost more than to read it.
    events.push('then' in event ? await event : event)
  }
  return events
}
