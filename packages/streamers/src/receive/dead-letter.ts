import type { ExternalEvent } from '@boostercloud/streamer-connector'
import { packEvent } from '../state'
import type { ParkedEvent } from '../state'
import { causeOf } from './failure'
import { laneKey } from './identity'
import type { Identity } from './identity'

/** The dead letter of an event that can be given to nobody. It concerns no handler and holds no key. */
export function deadLetterOf(event: ExternalEvent, address: string, identity: Identity, error: Error): ParkedEvent {
  const now = Date.now()
  return {
    address,
    handler: '',
    key: laneKey(event),
    ...identity,
    state: 'dead',
    holds: false,
    attempts: 0,
    dueAt: now,
    firstAt: now,
    lastAt: now,
    cause: causeOf(error),
    event: packEvent(event),
  }
}
