import { StreamerError } from '@boostercloud/streamer-connector'
import type { BrokerKind } from '../broker-kind'
import { dynamodb } from './dynamodb'
import { kafka } from './kafka'
import { moto } from './moto'
import { nats } from './nats'
import { postgres } from './postgres'
import { rabbitmq } from './rabbitmq'
import { schemaRegistry } from './schema-registry'

const KINDS: Readonly<Record<BrokerName, BrokerKind>> = {
  postgres,
  kafka,
  'schema-registry': schemaRegistry,
  nats,
  rabbitmq,
  dynamodb,
  moto,
}

/**
 * What can be started.
 * @public
 */
export type BrokerName = 'postgres' | 'kafka' | 'schema-registry' | 'nats' | 'rabbitmq' | 'dynamodb' | 'moto'

/**
 * The names of what can be started.
 * @internal
 */
export const brokerNames: readonly BrokerName[] = Object.keys(KINDS) as BrokerName[]

/** A kind of server by its name. Throws `OPTION_INVALID` for one that there is not. */
export function brokerKind(name: string): BrokerKind {
  if (Object.hasOwn(KINDS, name)) return KINDS[name as BrokerName]
  throw new StreamerError('OPTION_INVALID', `There is no kind of server called '${name}'.`, {
    hint: `Name one of: ${brokerNames.join(', ')}.`,
  })
}
