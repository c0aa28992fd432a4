import { inspect } from 'node:util'
import type { EventEnvelope } from '@boostercloud/framework-types'

/** The events of a batch on their way through Booster, which writes out what it is given, for its log, whether or not it logs that. */
export class RawEvents {
  public constructor(public readonly events: readonly EventEnvelope[]) {}

  public [inspect.custom](): string {
    return `${this.events.length} stored events`
  }
}
