/** For how long a number has been the same. */
export class Moving {
  private last = Number.NaN
  private since = Date.now()

  public constructor(private readonly ask: () => Promise<number>) {}

  public async restMs(): Promise<number> {
    const now = await this.ask()
    if (now !== this.last) this.since = Date.now()
    this.last = now
    return Date.now() - this.since
  }
}
