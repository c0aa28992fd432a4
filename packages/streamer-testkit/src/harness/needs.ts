import {
  isAcknowledging,
  isClosable,
  isDeclaring,
  isGroupOwning,
  isHealthReporting,
  isPolling,
  isProvisionable,
  isRawPublishing,
  isReplayable,
} from '@boostercloud/streamer-connector'
import type { StreamerConnector, StreamerCapabilities } from '@boostercloud/streamer-connector'
import type { ConnectorUnderTest } from './connector-under-test'

type Check = (
  connector: StreamerConnector,
  capabilities: Partial<StreamerCapabilities>,
  harness: ConnectorUnderTest
) => boolean

/** Everything that a case may need, and how to see whether it is there. */
const CHECKS: Readonly<Record<Need, Check>> = {
  poll: (connector) => isPolling(connector),
  capabilities: (connector) => isDeclaring(connector),
  Acknowledging: (connector) => isAcknowledging(connector),
  Closable: (connector) => isClosable(connector),
  GroupOwning: (connector) => isGroupOwning(connector),
  HealthReporting: (connector) => isHealthReporting(connector),
  Provisionable: (connector) => isProvisionable(connector),
  RawPublishing: (connector) => isRawPublishing(connector),
  Replayable: (connector) => isReplayable(connector),
  'capabilities.position=broker': (_, capabilities) => capabilities.position === 'broker',
  'capabilities.position=receiver': (_, capabilities) => capabilities.position === 'receiver',
  'capabilities.ordering': (_, capabilities) => capabilities.ordering === 'key' || capabilities.ordering === 'topic',
  'capabilities.durable': (_, capabilities) => capabilities.durable === true,
  'capabilities.replay': (_, capabilities) => capabilities.replay === true,
  'capabilities.places': (_, capabilities) => capabilities.places === true,
  'capabilities.maxEventBytes': (_, capabilities) => Number.isFinite(capabilities.maxEventBytes),
  'harness.inOtherProcess': (_, __, harness) => harness.inOtherProcess !== undefined,
  'harness.at': (_, __, harness) => harness.at !== undefined,
  'harness.unreachable': (_, __, harness) => harness.unreachable !== undefined,
  'harness.publishForeign': (_, __, harness) => harness.publishForeign !== undefined,
  'harness.publishRaw': (_, __, harness) => harness.publishRaw !== undefined,
  'harness.refuseNext': (_, __, harness) => harness.refuseNext !== undefined,
  'harness.broker': (_, __, harness) => harness.broker !== undefined,
  'harness.broker.stall': (_, __, harness) => harness.broker?.stall !== undefined,
}

/**
 * A capability by its interface's name, a capability as `capabilities.durable`, or an optional member of the harness as `harness.broker`.
 * @experimental
 */
export type Need =
  | 'poll'
  | 'capabilities'
  | 'Acknowledging'
  | 'Closable'
  | 'GroupOwning'
  | 'HealthReporting'
  | 'Provisionable'
  | 'RawPublishing'
  | 'Replayable'
  | 'capabilities.position=broker'
  | 'capabilities.position=receiver'
  | 'capabilities.ordering'
  | 'capabilities.durable'
  | 'capabilities.replay'
  | 'capabilities.places'
  | 'capabilities.maxEventBytes'
  | 'harness.inOtherProcess'
  | 'harness.at'
  | 'harness.unreachable'
  | 'harness.publishForeign'
  | 'harness.publishRaw'
  | 'harness.refuseNext'
  | 'harness.broker'
  | 'harness.broker.stall'

/**
 * What a case needs and does not have here; empty where it can run. Connects nothing, so it has nothing to close.
 * @internal
 */
export function missingNeeds(
  { needs }: { readonly needs: readonly Need[] },
  harness: ConnectorUnderTest
): readonly Need[] {
  const connector = harness.create({ appName: 'conformance-needs', environment: 'test', pollWaitMs: 100 })
  const capabilities = capabilitiesOf(connector)
  return needs.filter((need) => !CHECKS[need](connector, capabilities, harness))
}

/** The capabilities a connector declares; none where it declares nothing. */
export function capabilitiesOf(connector: unknown): Partial<StreamerCapabilities> {
  return isDeclaring(connector) ? connector.capabilities : {}
}
