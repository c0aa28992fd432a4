import {
  isAcknowledging,
  isClosable,
  isDeclaring,
  isHealthReporting,
  isPolling,
  isProvisionable,
  isReplayable,
} from '@boostercloud/streamer-connector'
import type { StreamerConnector, StreamerFacts } from '@boostercloud/streamer-connector'
import type { ConnectorUnderTest } from './connector-under-test'

type Check = (connector: StreamerConnector, facts: Partial<StreamerFacts>, harness: ConnectorUnderTest) => boolean

/** Everything that a case may need, and how to see whether it is there. */
const CHECKS = {
  poll: (connector) => isPolling(connector),
  facts: (connector) => isDeclaring(connector),
  Acknowledging: (connector) => isAcknowledging(connector),
  Closable: (connector) => isClosable(connector),
  HealthReporting: (connector) => isHealthReporting(connector),
  Provisionable: (connector) => isProvisionable(connector),
  Replayable: (connector) => isReplayable(connector),
  'facts.position=broker': (_, facts) => facts.position === 'broker',
  'facts.position=receiver': (_, facts) => facts.position === 'receiver',
  'facts.ordering': (_, facts) => facts.ordering === 'key' || facts.ordering === 'topic',
  'facts.durable': (_, facts) => facts.durable === true,
  'facts.replay': (_, facts) => facts.replay === true,
  'facts.maxEventBytes': (_, facts) => Number.isFinite(facts.maxEventBytes),
  'harness.inOtherProcess': (_, __, harness) => harness.inOtherProcess !== undefined,
  'harness.unreachable': (_, __, harness) => harness.unreachable !== undefined,
  'harness.publishForeign': (_, __, harness) => harness.publishForeign !== undefined,
  'harness.refuseNext': (_, __, harness) => harness.refuseNext !== undefined,
  'harness.broker': (_, __, harness) => harness.broker !== undefined,
  'harness.broker.stall': (_, __, harness) => harness.broker?.stall !== undefined,
} as const satisfies Record<string, Check>

/** A capability by its interface's name, a fact as `facts.durable`, or an optional member of the harness as `harness.broker`. */
export type Need = keyof typeof CHECKS

/** What a case needs and does not have here; empty where it can run. Connects nothing, so it has nothing to close. */
export function missingNeeds(
  { needs }: { readonly needs: readonly Need[] },
  harness: ConnectorUnderTest
): readonly Need[] {
  const connector = harness.create({ appName: 'conformance-needs', environment: 'test', pollWaitMs: 100 })
  const facts = factsOf(connector)
  return needs.filter((need) => !(CHECKS[need] as Check)(connector, facts, harness))
}

/** The facts a connector declares; none where it declares nothing. */
export function factsOf(connector: unknown): Partial<StreamerFacts> {
  return isDeclaring(connector) ? connector.facts : {}
}
