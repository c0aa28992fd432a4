import type { KafkaTopicSource } from '@boostercloud/streamer-connector'
import type { KafkaAccess, Network } from '../parameters'
import { NETWORK_INTERFACES } from '../template'
import type { Allowance } from '../template'

// As Lambda names them. https://docs.aws.amazon.com/lambda/latest/api/API_SourceAccessConfiguration.html
const SELF_MANAGED = {
  plain: 'BASIC_AUTH',
  'scram-sha-256': 'SASL_SCRAM_256_AUTH',
  'scram-sha-512': 'SASL_SCRAM_512_AUTH',
  tls: 'CLIENT_CERTIFICATE_TLS_AUTH',
} as const

/** How a mapping says who it is, and where it reads from. MSK knows its own network and authority. */
export function mappingAccess(access: KafkaAccess, network?: Network): { SourceAccessConfigurations?: object[] } {
  const { cluster, authentication, secret } = access
  const found: object[] = []
  if (authentication !== undefined && authentication !== 'iam') {
    found.push({ Type: SELF_MANAGED[authentication], URI: secret })
  }
  if (cluster === undefined) found.push(...ownNetwork(access, network))
  return found.length > 0 ? { SourceAccessConfigurations: found } : {}
}

function ownNetwork({ authority }: KafkaAccess, network?: Network): object[] {
  return [
    ...(authority === undefined ? [] : [{ Type: 'SERVER_ROOT_CA_CERTIFICATE', URI: authority }]),
    ...(network?.subnets ?? []).map((subnet) => ({ Type: 'VPC_SUBNET', URI: `subnet:${subnet}` })),
    ...(network?.securityGroups ?? []).map((group) => ({
      Type: 'VPC_SECURITY_GROUP',
      URI: `security_group:${group}`,
    })),
  ]
}

/** What a function's role needs to have a topic read by Lambda's own poller. */
export function readAllowances(access: KafkaAccess, source: KafkaTopicSource, network?: Network): Allowance[] {
  const secrets = [access.secret, access.authority].filter((secret): secret is string => secret !== undefined)
  return [
    ...(secrets.length > 0 ? [{ actions: ['secretsmanager:GetSecretValue'], resources: secrets }] : []),
    ...polling(access, network),
    ...byIam(access, source, 'read'),
  ]
}

/** What a role needs to write a topic. */
export function writeAllowances(access: KafkaAccess, source: KafkaTopicSource): Allowance[] {
  return byIam(access, source, 'write')
}

// https://docs.aws.amazon.com/lambda/latest/dg/with-msk-permissions.html
function polling({ cluster }: KafkaAccess, network?: Network): Allowance[] {
  if (cluster === undefined) return network ? [NETWORK_INTERFACES] : []
  const described = ['kafka:DescribeCluster', 'kafka:DescribeClusterV2', 'kafka:GetBootstrapBrokers']
  return [{ actions: described, resources: [cluster] }, NETWORK_INTERFACES]
}

/** Topics and groups of a cluster have its name and id in their ARNs. https://docs.aws.amazon.com/msk/latest/developerguide/iam-access-control.html */
function byIam(
  { authentication, cluster }: KafkaAccess,
  { topic, consumerGroup }: KafkaTopicSource,
  does: 'read' | 'write'
): Allowance[] {
  if (authentication !== 'iam' || cluster === undefined) return []
  const of = (kind: string, name: string): string => `${cluster.replace(':cluster/', `:${kind}/`)}/${name}`
  const connect = { actions: ['kafka-cluster:Connect'], resources: [cluster] }
  if (does === 'write') {
    return [
      connect,
      { actions: ['kafka-cluster:WriteDataIdempotently'], resources: [cluster] },
      { actions: ['kafka-cluster:DescribeTopic', 'kafka-cluster:WriteData'], resources: [of('topic', topic)] },
    ]
  }
  return [
    connect,
    { actions: ['kafka-cluster:DescribeTopic', 'kafka-cluster:ReadData'], resources: [of('topic', topic)] },
    { actions: ['kafka-cluster:AlterGroup', 'kafka-cluster:DescribeGroup'], resources: [of('group', consumerGroup)] },
  ]
}
