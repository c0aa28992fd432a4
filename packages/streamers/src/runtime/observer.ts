import type { StreamerLogger } from '@boostercloud/streamer-connector'
import type { ReceiverObserver } from '../receive'

/** Says in the log what an operator should know. Nothing raw from outside, no payloads. */
export function logObserver(log: StreamerLogger): ReceiverObserver {
  const name = (handler: string, address: string): string => `${handler} (from '${address}')`
  return {
    handled({ handler, address }) {
      log.debug(`${name(handler, address)} has handled an event.`)
    },
    parked({ handler, address }, _event, failure) {
      const what = failure.during === 'handler' ? 'failed' : 'could not store its outcome'
      log.warn(`${name(handler, address)} ${what}; the event is parked and tried again.`, failure.error)
    },
    died({ handler, address }, _event, failure) {
      log.error(`${name(handler, address)} failed for good; the event is a dead letter.`, failure.error)
    },
    ignored(address) {
      log.debug(`An event of '${address}' is of a type that no handler names; it is settled.`)
    },
    refused(address, _event, error) {
      log.error(`An event of '${address}' can be given to no handler; it is a dead letter.`, error)
    },
  }
}
