import type { StreamerLogger } from '@boostercloud/streamer-connector'
import type { ClaimRequest, StateChange, StateStore } from '../state'
import { troubleWithState } from '../timing'
import type { Claimant } from './claimant'
import type { Failure } from './failure'
import { keyOf } from './handler-runs'
import { Stopped } from './stopped'

/** What renewals need of what is around them. */
export interface RenewalSurroundings {
  readonly log: StreamerLogger
  /** Whether everything was left: then nothing is renewed. */
  readonly isLeft: () => boolean
  /** Writes, however long the state needs; rejects with `Stopped`. */
  readonly commit: (changes: readonly StateChange[]) => Promise<void>
}

/** Renews claims while what they are for lasts. */
export class Renewals {
  public constructor(
    private readonly state: StateStore,
    private readonly claimant: Claimant,
    private readonly around: RenewalSurroundings
  ) {}

  /** Renews the claims while the work lasts, and while a run goes on that was given up on. */
  public async during(
    requests: readonly ClaimRequest[],
    work: () => Promise<Failure | undefined>
  ): Promise<Failure | undefined> {
    const renewal = setInterval(() => requests.forEach((request) => this.renew(request)), this.claimant.claimMs / 3)
    let late: Promise<void> | undefined
    try {
      const failure = await work()
      late = failure?.late?.then(() => this.letGo(requests, renewal))
      return failure && { ...failure, late }
    } finally {
      if (!late) this.end(requests, renewal)
    }
  }

  /** What could not be renewed need not be any more. */
  private end([{ handler }]: readonly ClaimRequest[], renewal: NodeJS.Timeout): void {
    clearInterval(renewal)
    troubleWithState(this.around.log).left(partOf(handler))
  }

  /** A run that was given up on has ended: now another may begin. Never rejects. */
  private async letGo(requests: readonly ClaimRequest[], renewal: NodeJS.Timeout): Promise<void> {
    this.end(requests, renewal)
    const { owner } = this.claimant
    const released = requests.map((request): StateChange => ({
      do: 'release',
      key: keyOf(request),
      owner,
      ended: true,
    }))
    await this.around.commit(released).catch((error: unknown) => {
      if (!(error instanceof Stopped)) this.around.log.warn('A claim could not be released. It will expire.', error)
    })
  }

  private renew(request: ClaimRequest): void {
    if (this.around.isLeft()) return
    const { owner, claimMs } = this.claimant
    const [trouble, part] = [troubleWithState(this.around.log), partOf(request.handler)]
    this.state
      .claim([{ ...request, fromPark: true }], { owner, now: Date.now(), claimMs })
      .then(() => trouble.worked(part))
      .catch((error: unknown) =>
        trouble.failed(part, { what: `A claim of ${request.handler} could not be renewed.`, error })
      )
  }
}

/** Under what its failures are told. */
function partOf(handler: string): string {
  return `claims of ${handler}`
}
