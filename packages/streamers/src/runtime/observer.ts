import type { StreamerLogger } from '@boostercloud/streamer-connector'
import { errorCode } from '../observe'
import type { ReceiverObserver } from '../receive'

/** Says in the log what an operator should know, as a sentence and as fields. Nothing raw from outside, no payloads. */
export function logObserver(log: StreamerLogger): Partial<ReceiverObserver> {
  const name = (handler: string, address: string): string => `${handler} (from '${address}')`
  return {
    handled({ handler, address }) {
      log.debug(`${name(handler, address)} has handled an event.`, { address, handler })
    },
    parked({ handler, address }, _event, { during, error }, attempts) {
      const what = during === 'handler' ? 'failed' : 'could not store its outcome'
      const fields = { address, handler, attempts, code: errorCode(error) }
      log.warn(`${name(handler, address)} ${what}; the event is parked and tried again.`, fields, error)
    },
    died({ handler, address }, _event, { error }, attempts) {
      const fields = { address, handler, attempts, code: errorCode(error) }
      log.error(`${name(handler, address)} failed for good; the event is a dead letter.`, fields, error)
    },
    refused(address, _event, error) {
      const fields = { address, code: errorCode(error) }
      log.error(`An event of '${address}' can be given to no handler; it is a dead letter.`, fields, error)
    },
  }
}
