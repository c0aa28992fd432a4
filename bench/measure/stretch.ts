import { nowMicros } from './workload'

/** What this process did in a stretch of time. */
export interface Stretch {
  readonly perSecond: number
  /** Microseconds of its processor time for each event: other work on the machine does not change them as much. */
  readonly cpu: number
}

/** Begins a stretch. Answers what ends it, given the events. */
export function stretch(): (events: number) => Stretch {
  const begun = nowMicros()
  const cpuBefore = process.cpuUsage()
  return (events) => {
    const micros = nowMicros() - begun
    const { user, system } = process.cpuUsage(cpuBefore)
    return { perSecond: (events * 1e6) / micros, cpu: (user + system) / events }
  }
}
