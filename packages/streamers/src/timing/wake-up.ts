/** Lets a loop sleep until somebody has something for it. A wake-up that comes while nobody sleeps is kept for the next sleep. */
export class WakeUp {
  private pending = false
  private sleeper?: () => void

  /** Ends the sleep, or the next one. */
  public wake(): void {
    this.pending = true
    this.sleeper?.()
  }

  /** Resolves at the next wake-up, or after so many milliseconds; never later. One sleeper at a time. */
  public async sleep(limitMs: number): Promise<void> {
    if (!this.pending) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, limitMs)
        this.sleeper = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
    this.sleeper = undefined
    this.pending = false
  }
}
