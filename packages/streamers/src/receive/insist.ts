import { isStreamerError } from '@boostercloud/streamer-connector'
import type { StreamerLogger } from '@boostercloud/streamer-connector'
import { delayAfter } from '../timing'
import { Stopped } from './stopped'

/** Who insists, and until when. */
export interface Insisting {
  /** Of the state. */
  readonly name: string
  readonly log: StreamerLogger
  readonly stopped: AbortSignal
}

const STATE_RETRY = { firstDelayMs: 50, factor: 2, maxDelayMs: 5_000, jitter: 0.2 }

/** Asks the state again until it does its work. Rejects with `CLAIM_LOST` as it does, and with `Stopped` when the service stops first. */
export async function insist<T>(work: () => Promise<T>, { name, log, stopped }: Insisting): Promise<T> {
  for (let failures = 1; ; failures += 1) {
    try {
      return await work()
    } catch (error) {
      if (isStreamerError(error, 'CLAIM_LOST')) throw error
      log.error(`The state at ${name} fails; trying again, nothing is acknowledged meanwhile.`, error)
      await pause(delayAfter(failures, STATE_RETRY, Math.random()), stopped)
    }
  }
}

async function pause(ms: number, stopped: AbortSignal): Promise<void> {
  if (stopped.aborted) throw new Stopped()
  await new Promise<void>((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer)
      reject(new Stopped())
    }
    const timer = setTimeout(() => {
      stopped.removeEventListener('abort', stop)
      resolve()
    }, ms)
    stopped.addEventListener('abort', stop, { once: true })
  })
}
