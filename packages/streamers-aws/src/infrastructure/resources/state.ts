import { STATE_ACTIONS, STATE_TABLE, VARIABLES } from '../../names'
import { STATE_TABLE_ID, secretArns } from '../parts'
import type { Deployment } from '../parts'
import { allowing, arn, filled, ref } from '../template'
import type { Allowance, Resources } from '../template'

/** The table that the state is in. What has run out goes by itself. */
export function stateTable({ booster }: Deployment): Resources {
  const { partitionKey, sortKey, localIndexes, timeToLive } = STATE_TABLE
  const keys = [partitionKey, sortKey, ...localIndexes.map((index) => index.sortKey)]
  return {
    [STATE_TABLE_ID]: {
      Type: 'AWS::DynamoDB::Table',
      Properties: {
        // Where DynamoState looks for it without being told: commands at a desk and workers find it so.
        TableName: `streamers-${booster.appName}-${booster.environmentName}`,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: keys.map(({ name, type }) => ({ AttributeName: name, AttributeType: type })),
        KeySchema: keySchema(partitionKey.name, sortKey.name),
        LocalSecondaryIndexes: localIndexes.map((index) => ({
          IndexName: index.name,
          KeySchema: keySchema(partitionKey.name, index.sortKey.name),
          Projection: { ProjectionType: index.projection },
        })),
        TimeToLiveSpecification: { AttributeName: timeToLive, Enabled: true },
      },
      DeletionPolicy: 'Delete',
      UpdateReplacePolicy: 'Delete',
    },
  }
}

/** What the functions do with the state. */
export function stateAllowances(): Allowance[] {
  return [{ actions: STATE_ACTIONS, resources: [arn(STATE_TABLE_ID), filled(`\${${STATE_TABLE_ID}.Arn}/index/*`)] }]
}

/** Reading the secrets of the app's config, as every function of the app does. */
export function secretAllowances({ settings }: Deployment): Allowance[] {
  const resources = secretArns(settings)
  return resources.length > 0 ? [{ actions: ['secretsmanager:GetSecretValue'], resources }] : []
}

/** What every function of the app finds in its environment. */
export function commonEnvironment({ streams, settings }: Deployment): Record<string, unknown> {
  return {
    [VARIABLES.table]: ref(STATE_TABLE_ID),
    ...(streams.published.length > 0 ? { [VARIABLES.stream]: 'true' } : {}),
    ...(Object.keys(settings.secrets).length > 0 ? { [VARIABLES.secrets]: JSON.stringify(settings.secrets) } : {}),
  }
}

/** Lets Booster's own functions read the secrets. Of the state they need nothing: the stream tells what they have stored. */
export function boosterPolicy(deployment: Deployment): Resources {
  const allowances = secretAllowances(deployment)
  if (allowances.length === 0) return {}
  return {
    StreamersBoosterPolicy: {
      Type: 'AWS::IAM::Policy',
      Properties: {
        PolicyName: 'streamers',
        PolicyDocument: allowing(allowances),
        Roles: deployment.booster.functions.map(({ role }) => ref(role)),
      },
    },
  }
}

function keySchema(partition: string, sort: string): object[] {
  return [
    { AttributeName: partition, KeyType: 'HASH' },
    { AttributeName: sort, KeyType: 'RANGE' },
  ]
}
