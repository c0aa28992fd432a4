import type { BoosterConfig, ReadModelEnvelope } from '@boostercloud/framework-types'
import type { StreamerLogger } from '@boostercloud/streamer-connector'
import type { WrittenReadModel } from '../dispatch/batch'
import { inDispatch } from '../dispatch/contexts'
import type { Connections } from './connections'

/** Tells subscribers of read models that were written, in the order in which they were. */
export class Notifier {
  private notifying: Promise<void> = Promise.resolve()

  public constructor(
    private readonly config: BoosterConfig,
    private readonly connections: Connections,
    private readonly notify: (readModels: readonly ReadModelEnvelope[]) => Promise<void>,
    private readonly log: StreamerLogger
  ) {}

  /** Returns at once. */
  public changed(written: readonly WrittenReadModel[]): void {
    void this.told(written)
  }

  /** Resolves when those who have subscribed are told. Never rejects. */
  public async told(written: readonly WrittenReadModel[]): Promise<void> {
    if (!this.config.enableSubscriptions) return
    const envelopes = written.flatMap(({ key, value }) =>
      value && key.type in this.config.readModels ? [{ typeName: key.type, value }] : []
    )
    if (envelopes.length === 0) return
    this.notifying = this.notifying
      .then(() => inDispatch(undefined, () => this.tell(envelopes)))
      .catch((error: unknown) => this.log.error('Subscribers could not be notified of changed read models.', error))
    await this.notifying
  }

  private async tell(envelopes: readonly ReadModelEnvelope[]): Promise<void> {
    if (await this.connections.hasSubscriptions()) await this.notify(envelopes)
  }
}
