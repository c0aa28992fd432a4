import type { BoosterConfig, EventEnvelope } from '@boostercloud/framework-types'
import type { InvokedStreaming } from '../runtime'
import { invokedInstallation } from './install'
import { contextOfStored, isStreamed, storedEvent } from './events/stored-envelope'

/**
 * Streaming of an app whose functions a cloud calls: what one call asks for.
 * @internal
 */
export class InvokedApp {
  public constructor(
    private readonly config: BoosterConfig,
    /** What has nothing to do with Booster. */
    public readonly streaming: InvokedStreaming
  ) {}

  /**
   * Publishes what the event store tells of, in the order told; what is not streamed is passed over. Resolves when each event is confirmed,
   * refused, or pending; what the broker has not taken within `limitMs` is pending. Rejects where the state fails.
   */
  public async publishStored(envelopes: readonly EventEnvelope[], limitMs: number): Promise<void> {
    const { config } = this
    const events = envelopes
      .filter(isStreamed)
      .map((envelope) => storedEvent(config, envelope, contextOfStored(envelope)))
    await this.streaming.publishStored(events, limitMs)
  }
}

/**
 * Streaming of an app that is loaded in this process, for a function that a cloud calls. Undefined where it streams nothing. Nothing is
 * started; what is opened stays open for the next call. Rejects with a `STORAGE_…` error.
 * @internal
 */
export async function invokedStreaming(config: BoosterConfig): Promise<InvokedApp | undefined> {
  const streaming = await invokedInstallation(config)
  return streaming && new InvokedApp(config, streaming)
}
