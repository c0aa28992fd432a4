import { WakeUp } from '@boostercloud/streamer-connector'
import type { StreamerLogger } from '@boostercloud/streamer-connector'
import type { Receiver, ReceiverReport } from '../receive'
import type { StateStore } from '../state'
import { troubleWithState } from '../timing'

/**
 * Something that receives, as the runtime runs it.
 * @internal
 */
export type Receiving = Pick<Receiver, 'start' | 'stop' | 'leave' | 'refresh' | 'healthy' | 'unsettled'> & {
  /** How it is; undefined while another replica receives in its place. */
  report(): ReceiverReport | undefined
}

/**
 * What a leased receiver needs to know.
 * @internal
 */
export interface LeasedReceiverOptions {
  readonly name: string
  readonly state: StateStore
  readonly owner: string
  readonly leaseMs: number
  readonly log: StreamerLogger
  readonly make: () => Receiving
}

/**
 * One reader for a service and an address among its replicas: receives while it holds the lease, and stands by otherwise.
 * @internal
 */
export class LeasedReceiver implements Receiving {
  private readonly wakeUp = new WakeUp()
  private receiver?: Receiving
  /** The one that is being stopped. */
  private ending?: Receiving
  private running?: Promise<void>
  private stopping = false
  private failed = false

  public constructor(private readonly options: LeasedReceiverOptions) {}

  public async start(): Promise<void> {
    this.running ??= this.run()
  }

  public async refresh(): Promise<void> {
    await this.receiver?.refresh()
  }

  public get healthy(): boolean {
    return !this.failed && (this.receiver?.healthy ?? true)
  }

  public get unsettled(): number {
    return this.receiver?.unsettled ?? 0
  }

  public report(): ReceiverReport | undefined {
    const report = this.receiver?.report()
    return report && { ...report, polls: report.polls && !this.failed }
  }

  public async leave(): Promise<void> {
    await this.ending?.leave()
  }

  public async stop(): Promise<void> {
    this.stopping = true
    this.wakeUp.wake()
    await this.running
  }

  private async run(): Promise<void> {
    const { leaseMs, log, name } = this.options
    while (!this.stopping) {
      try {
        await this.follow(await this.holds())
        this.failed = false
        troubleWithState(log).worked(name)
      } catch (error) {
        this.failed = true
        const what = `The lease of '${name}' could not be requested. It is tried again.`
        troubleWithState(log).failed(name, { what, error })
      }
      if (!this.stopping) await this.wakeUp.sleep(leaseMs / 3)
    }
    await this.follow(false)
    troubleWithState(log).left(name)
    await this.options.state.release([name], this.options.owner).catch((error: unknown) => {
      log.warn(`The lease of '${name}' could not be released. Another replica gets it when it expires.`, error)
    })
  }

  private async holds(): Promise<boolean> {
    const { state, name, owner, leaseMs } = this.options
    return (await state.lease([name], { owner, now: Date.now(), leaseMs })).length > 0
  }

  private async follow(holds: boolean): Promise<void> {
    if (holds && !this.receiver) {
      const receiver = this.options.make()
      await receiver.start()
      this.receiver = receiver
    } else if (!holds && this.receiver) {
      const { receiver } = this
      this.receiver = undefined
      this.ending = receiver
      await receiver.stop()
    }
  }
}
