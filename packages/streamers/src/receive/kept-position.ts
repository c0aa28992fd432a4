import { failpoint } from '@boostercloud/streamer-connector'
import type { StreamerLogger } from '@boostercloud/streamer-connector'
import type { StateStore } from '../state'
import { Stopped } from './stopped'
import type { Attempts } from './attempt'
import type { SettledMark } from './settled-mark'

/** What a kept position needs. */
export interface KeptPositionOptions {
  /** Under what it is kept. */
  readonly name: string
  readonly settledMark: Pick<SettledMark, 'mark'>
  readonly attempts: Pick<Attempts, 'commit'>
  readonly log: StreamerLogger
  readonly stopped: AbortSignal
}

/** A position in the state, which follows the settled mark, one write at a time. */
export class KeptPosition {
  private saved?: string
  private saving?: Promise<void>

  public constructor(private readonly options: KeptPositionOptions) {}

  /** Where to begin: what is kept; else what `start` answers, which is kept from then on. */
  public async begin(state: StateStore, start?: () => Promise<string | undefined>): Promise<string | undefined> {
    this.saved = await state.position(this.options.name)
    if (this.saved !== undefined || !start) return this.saved
    const position = await start()
    if (position !== undefined) await this.keep(position)
    return position
  }

  /** Has it follow the mark. Returns at once. */
  public followSoon(): void {
    this.saving ??= this.save()
      .catch((error: unknown) => {
        if (error instanceof Stopped) return
        this.options.log.warn(`The position of '${this.options.name}' could not be stored.`, error)
      })
      .finally(() => {
        this.saving = undefined
        if (this.isBehind && !this.options.stopped.aborted) this.followSoon()
      })
  }

  /** Resolves when it has caught up with the mark. Rejects with `Stopped` where the state does not take it. */
  public async follow(): Promise<void> {
    await this.saving
    await this.save()
  }

  private get isBehind(): boolean {
    const { mark } = this.options.settledMark
    return mark !== undefined && mark !== this.saved
  }

  private async save(): Promise<void> {
    const { mark } = this.options.settledMark
    if (mark === undefined || !this.isBehind) return
    await failpoint('receive.before-position')
    await this.keep(mark, this.saved !== undefined)
    await failpoint('receive.after-position')
  }

  /** Lazily behind a first one: an older one brings events again, which the inbox knows; without any, `start` is asked anew and may skip some. */
  private async keep(position: string, lazily = false): Promise<void> {
    const { attempts, name } = this.options
    await attempts.commit([{ do: 'move-position', address: name, position, lazily }])
    this.saved = position
  }
}
