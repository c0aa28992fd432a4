import type { EventInterface } from '@boostercloud/framework-types'
import type { ExternalEvent, StreamerConnectorPollingInterface } from '@boostercloud/streamer-connector'

/** An event as a plain program has it. */
export class Note implements EventInterface {
  public constructor(public readonly n: number) {}

  public entityID(): string {
    return `note-${this.n % 3}`
  }
}

/** Notes with these numbers: from the first to before the last. */
export function notes(from: number, to: number): Note[] {
  return Array.from({ length: to - from }, (_, n) => new Note(from + n))
}

/** The number of each event. */
export function numbers(events: readonly ExternalEvent[]): unknown[] {
  return events.map(({ eventPayload }) => (eventPayload as Note).n)
}

/** Polls until so many events are there, settling none; gives up when they do not come. A poll may reject meanwhile. */
export async function pollUntil(
  streamer: StreamerConnectorPollingInterface,
  topic: string,
  count: number
): Promise<ExternalEvent[]> {
  const events: ExternalEvent[] = []
  await eventually(async () => {
    events.push(...(await streamer.poll(topic)))
    return events.length >= count
  })
  return events
}

const LIMIT_MS = 30_000

/** Resolves when a condition holds; asks again and again. What it throws counts as that it does not, until the limit. */
export async function eventually(holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + LIMIT_MS
  for (;;) {
    const [result] = await Promise.allSettled([(async () => holds())()])
    if (result.status === 'fulfilled' && result.value) return
    if (Date.now() > deadline) throw new Error(`It did not come about: ${JSON.stringify(result)}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
