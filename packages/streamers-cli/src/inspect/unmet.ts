import { missingFact, offersFact, parseAddress } from '@boostercloud/streamer-connector'
import type { InspectedEvent, InspectedService, InspectedStreamer } from './inspected-service'

/** An event that requires what its streamer does not offer: the service would not start. */
export interface Unmet {
  readonly service: string
  readonly event: string
  readonly address: string
  readonly fact: string
  /** In the words that the service would say at boot. */
  readonly message: string
}

/** What the events of some services require of streamers that are known not to offer it. */
export function unmetRequirements(services: readonly InspectedService[]): Unmet[] {
  return services.flatMap((service) => service.publishes.flatMap((event) => ofEvent(event, service)))
}

function ofEvent({ event, address, requires, at }: InspectedEvent, { name, streamers }: InspectedService): Unmet[] {
  const { streamerId } = parseAddress(address)
  const streamer = streamers.find(({ id }) => id === streamerId)
  if (!streamer) return []
  return Object.entries(requires)
    .filter(([fact, wanted]) => isKnown(streamer, fact) && !offersFact(streamer.facts, fact, wanted))
    .map(([fact, wanted]) => {
      const able = streamers.filter((one) => isKnown(one, fact) && offersFact(one.facts, fact, wanted))
      const { message } = missingFact({ event, fact, wanted, streamerId, at, able: able.map(({ id }) => id) })
      return { service: name, event, address, fact, message }
    })
}

function isKnown({ facts }: InspectedStreamer, fact: string): boolean {
  return Object.hasOwn(facts, fact)
}
