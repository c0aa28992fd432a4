import { StreamerError } from '@boostercloud/streamer-connector'
import { FUNCTIONS } from '../../names'
import { appFunction, eventStore, schedule } from './function'
import { writeAllowances } from './kafka-access'
import type { Network } from '../parameters'
import type { Deployment } from '../parts'
import { busArn } from './receive-rule'
import type { DeployedAddress } from '../streams'
import { attribute, ref } from '../template'
import type { Allowance, Resources } from '../template'

const PUBLISH = 'StreamersPublish'
const SWEEP = 'StreamersSweep'
const BATCH = 100
/** What Lambda takes as a filter's pattern. */
const LONGEST_PATTERN = 4096

/** The events table's stream → function, which publishes; and a schedule → function, which publishes what is still pending. */
export function published(deployment: Deployment): Resources {
  const { booster, streams } = deployment
  const brokers = streams.published.flatMap((address) => publishing(deployment, address))
  const network = networkOf(deployment)
  const common = { allowances: [...eventStore(booster.eventsTable), ...brokers], network }
  const stream = attribute(booster.eventsTable, 'StreamArn')
  return {
    ...appFunction(deployment, {
      ...common,
      id: PUBLISH,
      does: FUNCTIONS.publish,
      description: 'Publishes what was stored',
      allowances: [
        ...common.allowances,
        {
          actions: ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'],
          resources: [stream],
        },
        // Lambda asks for it when the mapping is made; it can't be confined to a stream.
        { actions: ['dynamodb:ListStreams'], resources: ['*'] },
      ],
    }),
    StreamersPublishMapping: {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: {
        EventSourceArn: stream,
        FunctionName: ref(PUBLISH),
        StartingPosition: 'TRIM_HORIZON',
        BatchSize: BATCH,
        // More than one batch of a shard at a time would mix up the events of an entity.
        ParallelizationFactor: 1,
        FilterCriteria: { Filters: [{ Pattern: newEvents(streams.published) }] },
      },
    },
    ...appFunction(deployment, {
      ...common,
      id: SWEEP,
      does: FUNCTIONS.sweep,
      description: 'Publishes what is pending',
    }),
    ...schedule(SWEEP, deployment),
  }
}

/** New events of the classes that are published; snapshots and all others call nothing. */
function newEvents(addresses: readonly DeployedAddress[]): string {
  const typeNames = [...new Set(addresses.flatMap(({ names }) => names))].sort()
  const pattern = (more: object): string =>
    JSON.stringify({ eventName: ['INSERT'], dynamodb: { NewImage: { kind: { S: ['event'] }, ...more } } })
  const whole = pattern({ typeName: { S: typeNames } })
  return whole.length <= LONGEST_PATTERN ? whole : pattern({})
}

function publishing(deployment: Deployment, { source, streamerId }: DeployedAddress): Allowance[] {
  if (source?.kind === 'event-rule') {
    const resources = [busArn(deployment, source.eventBus)]
    return [{ actions: ['events:DescribeEventBus', 'events:PutEvents'], resources }]
  }
  if (source?.kind === 'kafka-topic') return writeAllowances(deployment.settings.kafka[streamerId] ?? {}, source)
  return []
}

/** The functions that publish do so to every broker, from one place. Throws `OPTION_INVALID` where two places are asked for. */
function networkOf({ streams, settings }: Deployment): Network | undefined {
  const ids = [...new Set(streams.published.map(({ streamerId }) => streamerId))]
  const given = ids.flatMap((id) => settings.networks[id] ?? [])
  const networks = new Map(given.map((network) => [JSON.stringify(network), network]))
  if (networks.size > 1) throw severalNetworks(ids)
  const [network] = networks.values()
  return network
}

function severalNetworks(ids: readonly string[]): StreamerError {
  return new StreamerError('OPTION_INVALID', 'This service publishes to brokers in different networks.', {
    at: `networks: ${ids.join(', ')}`,
    hint: 'Give these streamers one network from which all brokers can be reached.',
  })
}
