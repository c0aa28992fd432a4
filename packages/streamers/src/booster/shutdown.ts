import type { StreamerLogger } from '@boostercloud/streamer-connector'

/** Where a command that runs the app finds what to call before it ends the process. */
const DRAIN = Symbol.for('@boostercloud/streamers#drain')

type Drain = () => Promise<void>

const SIGNALS = ['SIGTERM', 'SIGINT'] as const

/**
 * Drains when the process is asked to end. Where nobody else listens to these signals, the process then ends as it would have
 * without us: by the signal.
 */
export function drainOnSignals(drain: Drain, log: StreamerLogger): void {
  ;(globalThis as { [DRAIN]?: Drain })[DRAIN] = drain
  for (const signal of SIGNALS) {
    if (process.listenerCount(signal) > 0) continue
    process.once(signal, () => {
      drain()
        .catch((error: unknown) => log.error('Streaming could not be drained.', error))
        .finally(() => process.kill(process.pid, signal))
    })
  }
}
