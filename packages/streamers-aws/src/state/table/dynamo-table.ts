import { setTimeout as pause } from 'node:timers/promises'
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import {
  BatchGetCommand,
  DynamoDBDocumentClient,
  QueryCommand,
  ScanCommand,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb'
import type { QueryCommandInput, TransactWriteCommandInput, UpdateCommandInput } from '@aws-sdk/lib-dynamodb'
import { StreamerError } from '@boostercloud/streamer-connector'
import type { RowKey } from './keys'
import type { Row } from './rows'
import { storageError } from './storage-error'
import { partKeys } from './working-copy'
import type { RowWrite } from './working-copy'

/** What is asked of rows of one partition, or of an index of it. */
export type RowQuery = Omit<QueryCommandInput, 'TableName' | 'ConsistentRead' | 'ExclusiveStartKey'>

type TransactItem = NonNullable<TransactWriteCommandInput['TransactItems']>[number]

/** DynamoDB's own limits (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html). */
const LARGEST_READ = 100
export const LARGEST_TRANSACTION = 100

/** A clock that is farther from DynamoDB's is wrong: requests signed by it are refused. Milliseconds. */
const WRONG_FROM_MS = 300_000

/** The table of the state: reads are of what was written last, writes are all or nothing. */
export class DynamoTable {
  private readonly documents: DynamoDBDocumentClient

  public constructor(
    private readonly client: DynamoDBClient,
    public readonly name: string
  ) {
    this.documents = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } })
  }

  /**
   * How far DynamoDB's clock is ahead of this machine's, in milliseconds, as its answers say, by the second; 0 where that is less than five minutes.
   * What is written expires by DynamoDB's clock, and leases are compared by it.
   */
  public get aheadMs(): number {
    const aheadMs = this.client.config.systemClockOffset ?? 0
    return Math.abs(aheadMs) < WRONG_FROM_MS ? 0 : aheadMs
  }

  /** Rows by their keys, in no order; those that are not there are missing. */
  public async get<R extends Row>(keys: readonly RowKey[]): Promise<R[]> {
    const rows: R[] = []
    for (let from = 0; from < keys.length; from += LARGEST_READ) {
      let wanted: Record<string, unknown>[] = keys.slice(from, from + LARGEST_READ).map(({ pk, sk }) => ({ pk, sk }))
      for (let tries = 0; wanted.length > 0; tries += 1) {
        if (tries > 0) await pause(Math.min(1_000, 20 * 2 ** tries))
        const request = { [this.name]: { Keys: wanted, ConsistentRead: true } }
        const answer = await this.documents.send(new BatchGetCommand({ RequestItems: request }))
        rows.push(...((answer.Responses?.[this.name] ?? []) as R[]))
        wanted = answer.UnprocessedKeys?.[this.name]?.Keys ?? []
      }
    }
    return rows
  }

  /** Rows in the order of the partition or index; `limit` of those that pass the filter at most. */
  public async query<R extends Row>(query: RowQuery, limit = Infinity): Promise<R[]> {
    const rows: R[] = []
    let from: QueryCommandInput['ExclusiveStartKey']
    do {
      const page = { ...query, TableName: this.name, ConsistentRead: true, ExclusiveStartKey: from }
      const own = limit === Infinity || query.FilterExpression ? page : { ...page, Limit: limit - rows.length }
      const answer = await this.documents.send(new QueryCommand(own))
      rows.push(...((answer.Items ?? []) as R[]))
      from = answer.LastEvaluatedKey
    } while (from && rows.length < limit)
    return rows.slice(0, limit)
  }

  /** How many rows a query finds. */
  public async count(query: RowQuery): Promise<number> {
    let number = 0
    let from: QueryCommandInput['ExclusiveStartKey']
    do {
      const page = {
        ...query,
        Select: 'COUNT',
        TableName: this.name,
        ConsistentRead: true,
        ExclusiveStartKey: from,
      } as const
      const answer = await this.documents.send(new QueryCommand(page))
      number += answer.Count ?? 0
      from = answer.LastEvaluatedKey
    } while (from)
    return number
  }

  /** All rows that pass a filter, page by page: reads the whole table. */
  public async *scan<R extends Row>(
    filter: Pick<RowQuery, 'FilterExpression' | 'ExpressionAttributeNames' | 'ExpressionAttributeValues'>
  ): AsyncGenerator<R[], void, undefined> {
    let from: QueryCommandInput['ExclusiveStartKey']
    do {
      const page = { ...filter, TableName: this.name, ConsistentRead: true, ExclusiveStartKey: from }
      const answer = await this.documents.send(new ScanCommand(page))
      yield (answer.Items ?? []) as R[]
      from = answer.LastEvaluatedKey
    } while (from)
  }

  /** One row, changed in place. Rejects with DynamoDB's own `ConditionalCheckFailedException` where its condition does not hold. */
  public async update(
    key: RowKey,
    update: Omit<UpdateCommandInput, 'TableName' | 'Key'>
  ): Promise<Record<string, unknown>> {
    const answer = await this.documents.send(
      new UpdateCommand({ ...update, TableName: this.name, Key: { pk: key.pk, sk: key.sk } })
    )
    return answer.Attributes ?? {}
  }

  /** All of the writes or none. Rejects with DynamoDB's own error where a row was changed since it was read. */
  public async transact(writes: readonly RowWrite[]): Promise<void> {
    if (writes.length === 0) return
    const items = writes.map((write) => this.itemOf(write))
    await this.documents.send(new TransactWriteCommand({ TransactItems: items }))
  }

  /** The row with the bytes that stand in further rows. */
  public async whole<R extends Row>(row: R): Promise<R> {
    if (!row.parts) return row
    const keys = partKeys(row, row.parts)
    const parts = new Map((await this.get(keys)).map((part) => [part.sk, part.bytes]))
    const bytes = keys.map(({ sk }) => parts.get(sk))
    if (bytes.every((part) => part !== undefined)) return { ...row, bytes: Buffer.concat(bytes as Uint8Array[]) }
    throw new StreamerError('STORAGE_UNAVAILABLE', 'An event in the state was changed while it was read.', {
      at: this.name,
      hint: 'Read it again.',
      retryable: true,
    })
  }

  /** Lets go of the connections. */
  public close(): void {
    this.client.destroy()
  }

  private itemOf({ pk, sk, row, was, isPart }: RowWrite): TransactItem {
    const condition = isPart
      ? {}
      : was === undefined
        ? { ConditionExpression: 'attribute_not_exists(pk)' }
        : { ConditionExpression: 'v = :was', ExpressionAttributeValues: { ':was': was } }
    return row
      ? { Put: { TableName: this.name, Item: row as unknown as Record<string, unknown>, ...condition } }
      : { Delete: { TableName: this.name, Key: { pk, sk }, ...condition } }
  }
}

/** Does something with the table; what its client throws comes as a `STORAGE_…` error that names the table. */
export async function naming<T>(table: DynamoTable, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (thrown) {
    throw storageError(thrown, table.name)
  }
}
