import { withMetadata } from '@boostercloud/streamer-connector'
import type { EventMetadata, ExternalEvent } from '@boostercloud/streamer-connector'

/** The event class that the suite publishes. */
export class Probe {
  public constructor(
    public readonly entity: string,
    public readonly n: number,
    public readonly text = ''
  ) {}

  /** The key. */
  public entityID(): string {
    return this.entity
  }
}

/** Events of one key, numbered. */
export function probes(entity: string, count: number, from = 0): Probe[] {
  return Array.from({ length: count }, (_, i) => new Probe(entity, from + i))
}

/** An event with this metadata beside it. */
export function probeWith(metadata: EventMetadata, probe = new Probe('entity-1', 0)): Probe {
  return withMetadata(probe, metadata)
}

/** The numbers of received probes, in the order received; NaN for anything that is no probe. */
export function numbers(events: readonly ExternalEvent[], entity?: string): number[] {
  const payloads = events.map(({ eventPayload }) => eventPayload as Partial<Probe> | undefined)
  return payloads
    .filter((payload) => entity === undefined || payload?.entity === entity)
    .map((payload) => payload?.n ?? NaN)
}

/** `from`, `from + 1`, … up to but without `to`. */
export function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i)
}
