import { isStreamerError } from '@boostercloud/streamer-connector'
import type { ExternalEvent, StreamerLogger } from '@boostercloud/streamer-connector'
import { errorCode } from '../observe'
import type { Link, ReceiverObserver } from '../receive'
import { Trouble } from '../timing'

/** Troubles of one handler: what passes, and what does not. They are told of apart, since a dead letter is news where a retry is not. */
interface HandlerTroubles {
  readonly retries: Trouble
  readonly deaths: Trouble
}

const PART = 'its events'

/**
 * Says in the log what an operator should know of handlers, as a sentence and as fields: once that a handler fails, reminders at growing intervals, and
 * that it works again. The debug level has each attempt. Nothing raw from outside, no payloads.
 */
export function logObserver(log: StreamerLogger): Partial<ReceiverObserver> {
  const handlers = new Map<string, HandlerTroubles>()
  const troublesOf = ({ handler, address }: Pick<Link, 'handler' | 'address'>): HandlerTroubles => {
    const name = `${handler || 'What is received'} (from '${address}')`
    const troubles = handlers.get(name) ?? { retries: new Trouble(name, log), deaths: new Trouble(name, log) }
    handlers.set(name, troubles)
    return troubles
  }
  return {
    handled(link, event) {
      log.debug(`${link.handler} (from '${link.address}') has handled ${named(event)}.`, fieldsOf(link, event))
      troublesOf(link).retries.worked(PART)
    },
    parked(link, event, failure, attempts, nextTryAt) {
      const { error, during } = failure
      const next = nextTryAt === undefined ? undefined : new Date(nextTryAt).toISOString()
      const what = during === 'handler' ? 'failed on' : 'could not store what it registered for'
      const sentence = `${link.handler} (from '${link.address}') ${what} ${named(event)}, ${attemptOf(link, attempts, error)}.`
      const then = next === undefined ? 'It is parked.' : `It is parked. The next attempt is at ${next}.`
      const fields = {
        ...fieldsOf(link, event, error),
        attempt: attempts,
        attempts: link.retry.attempts,
        nextTryAt: next,
      }
      troublesOf(link).retries.failed(PART, { what: `${sentence} ${then}`, error, fields })
    },
    died(link, event, failure, attempts) {
      const { error } = failure
      const sentence = `${link.handler} (from '${link.address}') has given up on ${named(event)}, ${attemptOf(link, attempts, error)}.`
      const what = `${sentence} It is a dead letter: see boost-streamers dead-letters list.`
      const fields = { ...fieldsOf(link, event, error), attempt: attempts, attempts: link.retry.attempts }
      // The stack of what failed before is in the line of its first attempt.
      troublesOf(link).deaths.happened({ what, error, fields, level: 'error', hasStack: attempts <= 1 })
    },
    refused(address, event, error) {
      const link = { handler: '', address }
      const what = `${named(event)} of '${address}' cannot be given to any handler. It is a dead letter.`
      troublesOf(link).deaths.happened({ what, error, fields: fieldsOf(link, event, error), level: 'error' })
    },
  }
}

function fieldsOf(
  { handler, address }: Pick<Link, 'handler' | 'address'>,
  { metadata }: ExternalEvent,
  error?: unknown
): Readonly<Record<string, unknown>> {
  const { id, key, type } = metadata ?? {}
  const code = error === undefined ? {} : { code: errorCode(error) }
  return { address, ...(handler === '' ? {} : { handler }), id, key, type, ...code }
}

// What would end a line, or be obeyed by a terminal.
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g

function named({ metadata, eventId }: ExternalEvent): string {
  const id = metadata?.id ?? eventId ?? 'without an id'
  const words = metadata?.key === undefined ? `event ${id}` : `event ${id} (key ${metadata.key})`
  return words.replace(CONTROL, ' ')
}

function attemptOf({ retry }: Pick<Link, 'retry'>, attempts: number, error: unknown): string {
  const counted = `attempt ${attempts} of ${retry.attempts}`
  return isStreamerError(error) ? `${counted}, ${errorCode(error)}` : counted
}
