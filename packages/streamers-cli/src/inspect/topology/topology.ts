import { parseAddress } from '@boostercloud/streamer-connector'
import { contradictionsOf } from './contradictions'
import type { Contradiction } from './contradictions'
import type { InspectedEvent, InspectedHandler, InspectedService } from '../service/inspected-service'
import { unmetRequirements } from './unmet'
import type { Unmet } from './unmet'

/** An event at an address, and who has to do with it. */
export interface OpenEnd {
  readonly address: string
  readonly event: string
  readonly service: string
  readonly at: string
}

/** The links of one or several services together. */
export interface InspectedTopology {
  readonly services: readonly InspectedService[]
  /** Published, and handled by none of these services. */
  readonly unhandled: readonly OpenEnd[]
  /** Handled, and published by none of these services: by a service that is not among them, or by nobody. */
  readonly unpublished: readonly OpenEnd[]
  /** Addresses whose streamer the service does not configure. */
  readonly unconfigured: readonly OpenEnd[]
  /** Events that require what their streamer does not offer. */
  readonly unmet: readonly Unmet[]
  /** Streamer ids that stand for different brokers in two of the services. */
  readonly contradictions: readonly Contradiction[]
}

/** What several services say of their links, put together. Addresses are the same where they are written alike. */
export function topologyOfServices(services: readonly InspectedService[]): InspectedTopology {
  const handled = services.flatMap(({ handles }) => handles)
  const published = services.flatMap(({ publishes }) => publishes)
  return {
    services,
    unmet: unmetRequirements(services),
    contradictions: contradictionsOf(services),
    unhandled: endsOf(services, ({ publishes }) =>
      publishes.filter((one) => !handled.some((other) => meet(one, other)))
    ),
    unpublished: endsOf(services, ({ handles }) =>
      handles.filter((one) => !published.some((other) => meet(other, one)))
    ),
    unconfigured: endsOf(services, ({ streamers, publishes, handles }) => {
      const ids = new Set(streamers.map(({ id }) => id))
      return [...publishes, ...handles].filter(({ address }) => !ids.has(parseAddress(address).streamerId))
    }),
  }
}

function meet(published: InspectedEvent, handled: InspectedHandler): boolean {
  return published.address === handled.address && (handled.types?.includes(published.type) ?? true)
}

function endsOf(
  services: readonly InspectedService[],
  pick: (service: InspectedService) => readonly (InspectedEvent | InspectedHandler)[]
): OpenEnd[] {
  return services.flatMap((service) =>
    pick(service).map(({ address, event, at }) => ({ address, event: event ?? '*', service: service.name, at }))
  )
}
