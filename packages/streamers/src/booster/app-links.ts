import type { BoosterConfig } from '@boostercloud/framework-types'
import { positionNameOf } from '../runtime'
import { topologyOfApp } from './install'

/**
 * A link of an app, as commands see it.
 * @experimental
 */
export interface AppLink {
  /** With its topic. */
  readonly address: string
  /** The handler's name: its class's, unless it says another. */
  readonly handler: string
  /** The event class's name; undefined: every event of the address. */
  readonly typeName?: string
  /** What the events that it takes are called on the wire; undefined: every event of the address. */
  readonly types?: readonly string[]
  /** Under what its position is kept in the state, where the receiver keeps it. */
  readonly positionName: string
}

/**
 * The links of an app that is loaded in this process; nothing is started.
 * @experimental
 */
export function linksOf(config: BoosterConfig): AppLink[] {
  return [...(topologyOfApp(config)?.received.values() ?? [])].flat().map((link) => ({
    address: link.address,
    handler: link.handler,
    typeName: link.typeName,
    types: link.types,
    positionName: positionNameOf(link),
  }))
}

/**
 * An event class that an app publishes to an address.
 * @experimental
 */
export interface AppPublication {
  readonly typeName: string
  /** With its topic. */
  readonly address: string
}

/**
 * What an app that is loaded in this process publishes; nothing is started.
 * @experimental
 */
export function publicationsOf(config: BoosterConfig): AppPublication[] {
  const published = [...(topologyOfApp(config)?.published ?? [])]
  return published.flatMap(([typeName, addresses]) => addresses.map((address) => ({ typeName, address })))
}
