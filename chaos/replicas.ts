import type { StoreReader } from './providers'
import type { Service } from './service'
import type { Stage } from './stages'

/** The processes of one service, all on one store. */
export class Replicas {
  private turn = 0

  public constructor(
    public readonly stage: Stage,
    public readonly store: StoreReader,
    /** Those that run from the beginning. */
    private readonly first: readonly Service[],
    /** Those that join later. */
    private readonly later: readonly Service[] = []
  ) {}

  /** Whether one of them takes commands, as far as is known. */
  public get isUp(): boolean {
    return this.running.length > 0
  }

  /** Where the next command goes: to those that are up, in turn. */
  public get url(): string {
    const up = this.running
    const [any] = this.first
    return (up[this.turn++ % up.length] ?? any).url
  }

  /** Those that are up, as far as is known. */
  public get running(): Service[] {
    return this.all.filter(({ isUp }) => isUp)
  }

  /** Whom the n-th fault of a service falls upon: those that are there by then, in turn. */
  public victim(n: number): Service {
    const there = this.all.filter(({ isWanted }) => isWanted)
    return there[n % there.length]
  }

  /**
   * Has the first of its processes that comes to a failpoint so many times die there, and be down for so long; one that comes up
   * only later is told too. Resolves when one has.
   */
  public async killAt(failpoint: string, times: number, downMs: number): Promise<void> {
    await Promise.race(this.all.map((service) => service.killAt(failpoint, times, downMs)))
  }

  /** Takes that back. */
  public spare(): void {
    for (const service of this.all) service.spare()
  }

  /** Resolves when all that run from the beginning are up. */
  public async start(): Promise<void> {
    await Promise.all(this.first.map((service) => service.start()))
  }

  /** Resolves when those that join are up. */
  public async join(): Promise<void> {
    await Promise.all(this.later.map((service) => service.start()))
  }

  /** Resolves when all that were started are up. */
  public async comeUp(): Promise<void> {
    await Promise.all(this.all.filter(({ isWanted }) => isWanted).map((service) => service.comeUp()))
  }

  public async stop(): Promise<void> {
    await Promise.all(this.all.map((service) => service.stop()))
  }

  /** Kills all of them for good. */
  public async end(): Promise<void> {
    await Promise.all(this.all.map((service) => service.end()))
  }

  private get all(): Service[] {
    return [...this.first, ...this.later]
  }
}
