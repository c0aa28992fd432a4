import type { KafkaTopicSource } from '@boostercloud/streamer-connector'
import { FUNCTIONS } from '../../names'
import { appFunction, boosterStore } from './function'
import { mappingAccess, readAllowances } from './kafka-access'
import { idOf } from './logical-id'
import type { Deployment } from '../parts'
import type { DeployedAddress } from '../streams'
import { ref } from '../template'
import type { Resources } from '../template'

const BATCH = 100

/** Kafka → function: Lambda reads the topic as a member of the service's consumer group, one batch of a partition after the other. */
export function receivedFromKafka(
  deployment: Deployment,
  { address, streamerId }: DeployedAddress,
  source: KafkaTopicSource
): Resources {
  const id = idOf(address, 'Receive')
  const { kafka, networks } = deployment.settings
  const [access, network] = [kafka[streamerId] ?? {}, networks[streamerId]]
  const config = { ConsumerGroupId: source.consumerGroup }
  return {
    ...appFunction(deployment, {
      id,
      does: FUNCTIONS.receive,
      description: `Handles what comes from ${address}`,
      address,
      allowances: [...boosterStore(deployment), ...readAllowances(access, source, network)],
    }),
    [idOf(address, 'Mapping')]: {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: {
        FunctionName: ref(id),
        Topics: [source.topic],
        StartingPosition: 'TRIM_HORIZON',
        BatchSize: BATCH,
        ...(access.cluster === undefined
          ? {
              SelfManagedEventSource: { Endpoints: { KafkaBootstrapServers: source.brokers } },
              SelfManagedKafkaEventSourceConfig: config,
            }
          : { EventSourceArn: access.cluster, AmazonManagedKafkaEventSourceConfig: config }),
        ...mappingAccess(access, network),
      },
    },
  }
}
