import type { Deployment } from '../parts'
import { published } from './publish'
import { receivedFromKafka } from './receive-kafka'
import { receivedByPolling } from './receive-poll'
import { busId, receivedByRule } from './receive-rule'
import { retried } from './retry'
import { boosterPolicy, stateTable } from './state'
import type { DeployedAddress } from '../streams'
import type { Resources } from '../template'

/**
 * All that the links and publications of an app need, and nothing else. Nothing at all for an app that streams nothing.
 * @internal
 */
export function resourcesOf(deployment: Deployment): Resources {
  const { streams } = deployment
  const receives = streams.received.length > 0
  const publishes = streams.published.length > 0
  if (!receives && !publishes) return {}
  return merged([
    stateTable(deployment),
    boosterPolicy(deployment),
    ...usedBuses(deployment).map(bus),
    ...streams.received.map((address) => received(deployment, address)),
    retried(deployment),
    ...(publishes ? [published(deployment)] : []),
  ])
}

function received(deployment: Deployment, address: DeployedAddress): Resources {
  const { source } = address
  if (source?.kind === 'event-rule') return receivedByRule(deployment, address, source)
  if (source?.kind === 'kafka-topic') return receivedFromKafka(deployment, address, source)
  return receivedByPolling(deployment, address)
}

/** Those of the buses to be made that an address is on. */
function usedBuses({ streams, settings }: Deployment): string[] {
  const addresses = [...streams.received, ...streams.published]
  const used = new Set(addresses.map(({ source }) => (source?.kind === 'event-rule' ? source.eventBus : undefined)))
  return settings.eventBuses.filter((name) => used.has(name))
}

function bus(name: string): Resources {
  return { [busId(name)]: { Type: 'AWS::Events::EventBus', Properties: { Name: name } } }
}

function merged(all: readonly Resources[]): Resources {
  return Object.assign({}, ...all) as Resources
}
