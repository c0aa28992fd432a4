import { EndRequests } from '@boostercloud/streamer-connector'
import type { StreamerLogger } from '@boostercloud/streamer-connector'

/** Where a command that runs the app finds what to call before it ends the process. */
const DRAIN = Symbol.for('@boostercloud/streamers#drain')

type Drain = () => Promise<void>

const SIGNALS = ['SIGTERM', 'SIGINT'] as const

/** Leaves the function that drains for the command that runs this app. */
export function offerDrain(drain: Drain): void {
  ;(globalThis as { [DRAIN]?: Drain })[DRAIN] = drain
}

/**
 * Drains when the process is asked to end. Where nobody else listens to these signals, the process then ends as it would have
 * without us: by the signal. A later signal ends it at once, except within half a second: one Ctrl-C may arrive twice.
 */
export function drainOnSignals(drain: Drain, log: StreamerLogger): void {
  offerDrain(drain)
  const requests = new EndRequests()
  const signals = SIGNALS.filter((signal) => process.listenerCount(signal) === 0)
  const end = (signal: NodeJS.Signals): void => {
    for (const one of signals) process.off(one, ask)
    process.kill(process.pid, signal)
  }
  const ask = (signal: NodeJS.Signals): void => {
    const request = requests.next()
    if (request === 'later') end(signal)
    if (request !== 'first') return
    drain()
      .catch((error: unknown) => log.error('Streaming could not be drained.', error))
      .finally(() => end(signal))
  }
  for (const signal of signals) process.on(signal, ask)
}
