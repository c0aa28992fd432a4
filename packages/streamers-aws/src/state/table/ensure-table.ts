import {
  CreateTableCommand,
  DescribeTableCommand,
  UpdateTimeToLiveCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb'
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { STATE_TABLE } from '../../names'

const WITHIN_S = 60

/** Makes the table of the state unless it is there, as a deployment would. Several processes may do so at once. */
export async function ensureTable(client: DynamoDBClient, name: string): Promise<void> {
  if (await isThere(client, name)) return
  const { partitionKey, sortKey, localIndexes, timeToLive } = STATE_TABLE
  const keys = [partitionKey, sortKey, ...localIndexes.map((index) => index.sortKey)]
  const hash = { AttributeName: partitionKey.name, KeyType: 'HASH' } as const
  try {
    await client.send(
      new CreateTableCommand({
        TableName: name,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: keys.map((key) => ({ AttributeName: key.name, AttributeType: key.type })),
        KeySchema: [hash, { AttributeName: sortKey.name, KeyType: 'RANGE' }],
        LocalSecondaryIndexes: localIndexes.map((index) => ({
          IndexName: index.name,
          KeySchema: [hash, { AttributeName: index.sortKey.name, KeyType: 'RANGE' }],
          Projection: { ProjectionType: index.projection },
        })),
      })
    )
  } catch (error) {
    if ((error as Error).name !== 'ResourceInUseException') throw error
  }
  await waitUntilTableExists({ client, maxWaitTime: WITHIN_S, minDelay: 1, maxDelay: 2 }, { TableName: name })
  await setTimeToLive(client, name, timeToLive)
}

async function isThere(client: DynamoDBClient, name: string): Promise<boolean> {
  try {
    const { Table } = await client.send(new DescribeTableCommand({ TableName: name }))
    return Table?.TableStatus === 'ACTIVE'
  } catch (error) {
    if ((error as Error).name === 'ResourceNotFoundException') return false
    throw error
  }
}

/** DynamoDB refuses what is so already, and what another process sets at this moment. */
async function setTimeToLive(client: DynamoDBClient, name: string, attribute: string): Promise<void> {
  const specification = { AttributeName: attribute, Enabled: true }
  const command = new UpdateTimeToLiveCommand({ TableName: name, TimeToLiveSpecification: specification })
  await client.send(command).catch((error: unknown) => {
    if ((error as Error).name !== 'ValidationException') throw error
  })
}
