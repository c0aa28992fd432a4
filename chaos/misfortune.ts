import { setTimeout as pause } from 'node:timers/promises'
import type { Client } from './client'
import type { Fault } from './schedule'
import type { Service } from './service'
import { until } from './until'

/** Milliseconds without a failpoint being hit, after all commands were sent, that are enough. */
const GIVE_UP_MS = 20_000

/** Brings a schedule's faults upon one service, one after the other, and starts it again after each death. */
export class Misfortune {
  private next = 0
  private since = Date.now()

  public constructor(
    private readonly service: Service,
    private readonly faults: readonly Fault[],
    private readonly client: Client
  ) {}

  /** How many commands may be sent before the fault that is due: more and more while it does not come about. */
  public allowance(window: number): number {
    const fault = this.faults[this.next]
    if (!fault) return Infinity
    const lateMs = Math.max(0, Date.now() - this.since - 500)
    return fault.at + Math.ceil(window * (1 + lateMs / 500))
  }

  /** Resolves when all of them are over and the service is up. */
  public async run(onFault: (fault: Fault) => void): Promise<void> {
    for (const fault of this.faults) {
      this.since = Number.MAX_SAFE_INTEGER
      await until(() => this.client.sent >= fault.at || this.client.isDone, Infinity, 10)
      this.since = Date.now()
      await this.bring(fault)
      onFault(fault)
      this.next += 1
    }
  }

  private async bring(fault: Fault): Promise<void> {
    const { service } = this
    if (fault.do === 'stop') return service.halt(fault.forMs)
    if (fault.do === 'kill') {
      await pause(fault.afterMs)
      await service.kill()
    } else {
      service.killAt(fault.failpoint, fault.time)
      if (!(await this.diesInTime())) return service.spare()
    }
    await pause(fault.downMs)
    await service.start()
  }

  private async diesInTime(): Promise<boolean> {
    const { service } = this
    let quietSince = Date.now()
    return new Promise((resolve) => {
      const look = setInterval(() => {
        if (!this.client.isDone) quietSince = Date.now()
        else if (Date.now() - quietSince > GIVE_UP_MS) end(false)
      }, 100)
      const end = (died: boolean): void => {
        clearInterval(look)
        resolve(died)
      }
      void service.dead().then(() => end(true))
    })
  }
}
