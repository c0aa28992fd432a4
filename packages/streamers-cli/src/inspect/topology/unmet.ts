import { missingCapability, offersCapability, parseAddress } from '@boostercloud/streamer-connector'
import type { InspectedEvent, InspectedService, InspectedStreamer } from '../service/inspected-service'

/** An event that requires what its streamer does not offer: the service would not start. */
export interface Unmet {
  readonly service: string
  readonly event: string
  readonly address: string
  readonly capability: string
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
    .filter(
      ([capability, wanted]) =>
        isKnown(streamer, capability) && !offersCapability(streamer.capabilities, capability, wanted)
    )
    .map(([capability, wanted]) => {
      const able = streamers.filter(
        (one) => isKnown(one, capability) && offersCapability(one.capabilities, capability, wanted)
      )
      const { message } = missingCapability({
        event,
        capability,
        wanted,
        streamerId,
        at,
        able: able.map(({ id }) => id),
      })
      return { service: name, event, address, capability, message }
    })
}

function isKnown({ capabilities }: InspectedStreamer, capability: string): boolean {
  return Object.hasOwn(capabilities, capability)
}
