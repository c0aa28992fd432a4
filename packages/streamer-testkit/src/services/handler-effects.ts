import type { ExternalEvent } from '@boostercloud/streamers'
import type { Effects, Link, Outcome } from '@boostercloud/streamers/runtime'
import type { Probe } from '../bench/probe'
import type { Journal } from './journal'

/** What a case's handler does with a probe, besides registering one effect: nothing, wait, or throw. */
export type Handle = (probe: Probe, link: Link, event: ExternalEvent) => void | Promise<void>

interface Registered {
  readonly handler: string
  readonly entity: string
  readonly n: number
  readonly id: string
}

/** The handlers of a service without Booster: each run registers one effect, whose store is the journal. */
export class HandlerEffects implements Effects {
  public constructor(
    private readonly handle: Handle,
    private readonly journal: Journal
  ) {}

  public async run(link: Link, event: ExternalEvent): Promise<Outcome> {
    const probe = event.eventPayload as Probe
    const { handler } = link
    // What a stranger wrote is no probe, and perhaps no object.
    const { entity = '', n = Number.NaN }: Partial<Probe> = probe ?? {}
    this.journal.note({ what: 'run', handler, entity, n })
    await this.handle(probe, link, event)
    return this.outcome({ handler, entity, n, id: `${handler} ${event.metadata?.source} ${event.metadata?.id}` })
  }

  public async resume(packed: Uint8Array): Promise<Outcome> {
    return this.outcome(JSON.parse(Buffer.from(packed).toString('utf8')) as Registered)
  }

  private outcome(registered: Registered): Outcome {
    return {
      packed: Buffer.from(JSON.stringify(registered), 'utf8'),
      marks: [],
      store: async () => {
        const isStored = this.journal.of('effect').some(({ id }) => id === registered.id)
        if (!isStored) this.journal.note({ what: 'effect', ...registered })
      },
    }
  }
}
