import type { ExternalEvent } from '@boostercloud/streamer-connector'
import type { Claim, ClaimRequest, ParkedEvent } from '../state'
import { laneKey } from './identity'
import type { Identity } from './identity'
import type { Link } from './link'

/** What a claim came to, and when. */
export interface Claimed {
  readonly claim: Claim
  /** Milliseconds since 1970. */
  readonly at: number
}

/** One event for one handler. */
export interface Delivery {
  readonly link: Link
  readonly event: ExternalEvent
  readonly identity: Identity
  /** What is claimed for it. */
  readonly request: ClaimRequest
  /** Undefined where it is to be parked in all likelihood, and so was not claimed. */
  claimed?: Claimed
  /** To be called once: finished, parked, or a dead letter. */
  readonly settled: () => void
}

/** What is to be claimed for an event that is given to a handler. */
export function claimRequest(link: Link, event: ExternalEvent, identity: Identity): ClaimRequest {
  const { handler, address } = link
  return { handler, address, source: identity.source, id: identity.id, key: laneKey(event) }
}

/** What is claimed for an event that is tried again from the park. */
export function retryRequest({ handler, address, source, id, key }: ParkedEvent): ClaimRequest {
  return { handler, address, source, id, key, fromPark: true }
}

/** Takes those that are meant out of a queue; the others keep their order. */
export function takeFrom(queue: Delivery[], isMeant: (delivery: Delivery) => boolean): Delivery[] {
  const all = queue.splice(0)
  queue.push(...all.filter((delivery) => !isMeant(delivery)))
  return all.filter(isMeant)
}
