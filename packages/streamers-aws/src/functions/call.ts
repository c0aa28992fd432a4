import { StreamerError } from '@boostercloud/streamer-connector'
import { VARIABLES } from '../names'

const DEFAULT_TIMEOUT_MS = 60_000
/** What is left of a call's time for what is to be answered and written last: a tenth, and at least this. */
const LEAST_REST_MS = 2_000

/** How long a function may run, in milliseconds. */
export function timeoutMs(): number {
  const told = Number(process.env[VARIABLES.timeoutMs])
  return Number.isFinite(told) && told > 0 ? told : DEFAULT_TIMEOUT_MS
}

/** Says when the time of a call that begins now is over, while there is some left to answer. */
export function callSignal(): AbortSignal {
  const limit = timeoutMs()
  return AbortSignal.timeout(Math.max(limit / 2, limit - Math.max(LEAST_REST_MS, limit / 10)))
}

/** The address that a function serves. Throws `OPTION_INVALID` where its deployment names none. */
export function servedAddress(): string {
  const address = process.env[VARIABLES.address]
  if (address) return address
  throw new StreamerError('OPTION_INVALID', `The function does not know which address it serves.`, {
    at: VARIABLES.address,
    hint: 'Deploy the service again: its deployment writes this.',
  })
}
