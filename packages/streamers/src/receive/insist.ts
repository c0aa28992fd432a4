import { isStreamerError } from '@boostercloud/streamer-connector'
import type { StreamerLogger } from '@boostercloud/streamer-connector'
import { delayAfter, troubleWithState } from '../timing'
import { Stopped } from './stopped'

/** Who insists, and until when. */
export interface Insisting {
  /** Of the state. */
  readonly name: string
  readonly log: StreamerLogger
  readonly stopped: AbortSignal
}

/** Under what the state's failures are told of here. */
const PART = 'what is received'

const STATE_RETRY = { firstDelayMs: 50, factor: 2, maxDelayMs: 5_000, jitter: 0.2 }

/** Asks the state again until it does its work. Rejects with `CLAIM_LOST` as it does, and with `Stopped` when the service stops first. */
export async function insist<T>(work: () => Promise<T>, { name, log, stopped }: Insisting): Promise<T> {
  const trouble = troubleWithState(log)
  for (let failures = 1; ; failures += 1) {
    try {
      const done = await work()
      if (failures > 1) trouble.worked(PART)
      return done
    } catch (error) {
      if (isStreamerError(error, 'CLAIM_LOST')) {
        // That is an answer.
        if (failures > 1) trouble.worked(PART)
        throw error
      }
      const what = `The state at ${name} fails. It is tried again, and nothing is acknowledged meanwhile.`
      trouble.failed(PART, { what, error, level: 'error' })
      await pause(delayAfter(failures, STATE_RETRY, Math.random()), stopped).catch((stop: unknown) => {
        trouble.left(PART)
        throw stop
      })
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
