import type { StreamerLogger } from '@boostercloud/streamer-connector'
import type { StateStore } from '../state'
import { troubleWithState } from '../timing'

/** Under what the state's failures are told of here. */
const PART = 'changes from outside'
/** Milliseconds between two looks at what was changed from outside. */
const LOOK_EVERY_MS = 500
/** With a shared state, what another replica left behind is taken up at least so often; in looks. */
const REFRESH_EVERY_LOOKS = 10

/** Notices what others change in the state (a dead letter redriven, a link paused, an event stored by a script). */
export class Control {
  private timer?: NodeJS.Timeout
  private looking?: Promise<void>
  private revision?: number
  private looks = 0

  public constructor(
    private readonly state: StateStore,
    private readonly shared: boolean,
    private readonly onChange: () => Promise<void>,
    private readonly log: StreamerLogger
  ) {}

  public start(): void {
    this.timer = setInterval(() => {
      this.looking ??= this.look()
    }, LOOK_EVERY_MS)
    this.timer.unref()
  }

  public async stop(): Promise<void> {
    clearInterval(this.timer)
    await this.looking
    troubleWithState(this.log).left(PART)
  }

  private async look(): Promise<void> {
    try {
      const revision = await this.state.revision()
      this.looks += 1
      const isDue = this.shared && this.looks % REFRESH_EVERY_LOOKS === 0
      // The first look counts as a change: others may have written since this service read what it starts with.
      if (isDue || revision !== this.revision) await this.onChange()
      this.revision = revision
      troubleWithState(this.log).worked(PART)
    } catch (error) {
      const what = 'The state could not be checked for changes. It is tried again.'
      troubleWithState(this.log).failed(PART, { what, error })
    } finally {
      this.looking = undefined
    }
  }
}
