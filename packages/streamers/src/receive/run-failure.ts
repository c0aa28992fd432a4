import { StreamerError, isStreamerError } from '@boostercloud/streamer-connector'
import type { Claim, Suspicion } from '../state'
import type { Failure } from './failure'
import { OverTime } from './handler-runs'
import type { Link } from './link'
import { Stopped } from './stopped'

/** Somebody else has the event. */
export const elsewhere: Failure = { error: new Error('Another process has claimed the event.'), during: 'elsewhere' }

/** What a claim says against its event. */
export function suspicionOf(claim: Claim): Suspicion | undefined {
  return 'suspicion' in claim ? claim.suspicion : undefined
}

/** What a run that was not successful is as a failure. Throws `Stopped`. */
export function failureOf(error: unknown, during: Failure['during']): Failure {
  if (error instanceof Stopped) throw error
  if (error instanceof OverTime) return { error: error.error, during: 'handler', late: error.ended }
  return isStreamerError(error, 'CLAIM_LOST') ? elsewhere : { error, during }
}

/** Why an event is not run any more. */
export function processEnded({ handler, address }: Link, starts: number): StreamerError {
  const runs = starts === 1 ? 'a run' : `${starts} runs`
  return new StreamerError('PROCESS_ENDED', `The process ended during ${runs} of ${handler} with this event.`, {
    at: address,
    hint: 'Check what the process logged before it ended, fix the handler, and redrive the event.',
  })
}
