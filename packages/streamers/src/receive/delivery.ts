import type { ExternalEvent } from '@boostercloud/streamer-connector'
import type { Claim, ClaimRequest } from '../state'
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
  /** Undefined where it is to be parked in all likelihood, and so was not claimed. */
  readonly claimed?: Claimed
  /** To be called once: finished, parked, or a dead letter. */
  readonly settled: () => void
}

/** What is to be claimed for a delivery. */
export function claimRequest({ link, identity, event }: Pick<Delivery, 'link' | 'identity' | 'event'>): ClaimRequest {
  const { handler, address } = link
  return { handler, address, source: identity.source, id: identity.id, key: event.metadata?.key }
}

/** Takes those that are meant out of a queue; the others keep their order. */
export function takeFrom(queue: Delivery[], isMeant: (delivery: Delivery) => boolean): Delivery[] {
  const all = queue.splice(0)
  queue.push(...all.filter((delivery) => !isMeant(delivery)))
  return all.filter(isMeant)
}
