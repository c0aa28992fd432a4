import { createRequire } from 'node:module'
import { join } from 'node:path'
import { StreamerError, isAttachable, isDeployable, isPolling, parseAddress } from '@boostercloud/streamer-connector'
import type { DeployedSource, StreamerConnector } from '@boostercloud/streamer-connector'
import type * as Runtime from '@boostercloud/streamers/runtime'
import type { BoosterConfig } from '@boostercloud/framework-types'

/**
 * An address with who uses it, and what the deployment knows of it.
 * @internal
 */
export interface DeployedAddress {
  readonly address: string
  readonly streamerId: string
  /** The names of the handlers, or of the published event classes. */
  readonly names: readonly string[]
  /** Undefined: the cloud cannot be made to call a function with its events. */
  readonly source?: DeployedSource
}

/**
 * What an app receives and publishes, by address, in the order of addresses.
 * @internal
 */
export interface Streams {
  readonly received: readonly DeployedAddress[]
  readonly published: readonly DeployedAddress[]
}

/**
 * What the code of an app says. The app's own copy of the streamers package is asked: it is to that one that the app's decorators have
 * declared. Throws `DELIVERY_UNAVAILABLE` for a link whose events can reach no function.
 */
export function streamsOf(config: BoosterConfig): Streams {
  const { linksOf, publicationsOf } = streamersOf(config.userProjectRootPath)
  const connectors = (config as { streamers?: Readonly<Record<string, StreamerConnector>> }).streamers ?? {}
  for (const [streamerId, connector] of Object.entries(connectors)) {
    if (isAttachable(connector)) {
      connector.attach({ streamerId, appName: config.appName, environment: config.environmentName })
    }
  }
  const grouped = (uses: ReadonlyArray<readonly [address: string, name: string]>): DeployedAddress[] =>
    [...groups(uses)].map(([address, names]) => {
      const { streamerId, topic } = parseAddress(address)
      const connector = connectors[streamerId]
      return {
        address,
        streamerId,
        names,
        source: isDeployable(connector) ? connector.deployedSource(topic) : undefined,
      }
    })
  const received = grouped(linksOf(config).map(({ address, handler }) => [address, handler]))
  for (const { address, streamerId, source, names } of received) {
    if (source === undefined && !isPolling(connectors[streamerId])) throw unreachable(address, names)
  }
  return { received, published: grouped(publicationsOf(config).map(({ address, typeName }) => [address, typeName])) }
}

function groups(uses: ReadonlyArray<readonly [address: string, name: string]>): Map<string, string[]> {
  const found = new Map<string, string[]>()
  for (const [address, name] of [...uses].sort(([a], [b]) => (a < b ? -1 : 1))) {
    found.set(address, [...new Set([...(found.get(address) ?? []), name])])
  }
  return found
}

function streamersOf(folder: string): typeof Runtime {
  try {
    return createRequire(join(folder, 'dist', 'index.js'))('@boostercloud/streamers/runtime') as typeof Runtime
  } catch (cause) {
    throw new StreamerError('PACKAGE_MISSING', 'The app does not use @boostercloud/streamers.', {
      at: folder,
      hint: 'Install it in the app, or take the rocket out of config.rockets.',
      cause,
    })
  }
}

function unreachable(address: string, names: readonly string[]): StreamerError {
  return new StreamerError('DELIVERY_UNAVAILABLE', `Events of '${address}' cannot be passed to a function.`, {
    at: names.join(', '),
    hint: 'Use a streamer that can be polled, or one whose deployment is supported: EventBridge or Kafka.',
  })
}
