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
    return this.first.some(({ isUp }) => isUp)
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

  /** Those that should be up, and are not. */
  public get fallen(): Service[] {
    return this.first.filter(({ isUp }) => !isUp)
  }

  /** Whom the n-th fault of a service falls upon. */
  public victim(n: number): Service {
    return this.first[n % this.first.length]
  }

  /** Whether all that run from the beginning are up. */
  public async start(): Promise<boolean> {
    await this.store.read()
    return !(await Promise.all(this.first.map((service) => service.start()))).includes(false)
  }

  /** Whether those that join are up. */
  public async join(): Promise<boolean> {
    return !(await Promise.all(this.later.map((service) => service.start()))).includes(false)
  }

  public async stop(): Promise<void> {
    await Promise.all(this.all.map((service) => service.stop()))
  }

  public async kill(): Promise<void> {
    await Promise.all(this.all.map((service) => service.kill()))
  }

  private get all(): Service[] {
    return [...this.first, ...this.later]
  }
}
