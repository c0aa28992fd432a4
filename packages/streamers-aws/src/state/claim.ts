import { unmarshall } from '@aws-sdk/util-dynamodb'
import type { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb'
import type { Claim, ClaimRequest, LaneId } from '@boostercloud/streamers'
import type { DynamoTable } from './dynamo-table'
import { inboxKey, laneName, partitionOfLane } from './keys'
import { toClaim } from './rows'
import type { InboxRow } from './rows'
import { isConflict } from './storage-error'
import { version } from './working-copy'

/** Who claims, and until when. */
export interface ClaimTerms {
  readonly owner: string
  readonly now: number
  readonly claimMs: number
}

/** How many are claimed at once. */
const AT_ONCE = 32

/** Claims events for handlers, each for itself: an answer stands at its request's place. */
export async function claim(
  table: DynamoTable,
  requests: readonly ClaimRequest[],
  terms: ClaimTerms
): Promise<Claim[]> {
  const claims: Claim[] = []
  for (let from = 0; from < requests.length; from += AT_ONCE) {
    const some = requests.slice(from, from + AT_ONCE)
    // Claimed first: what is parked after that waits for the claim, or is seen here.
    const rows = await Promise.all(some.map((request) => claimRow(table, request, terms)))
    const live = some.filter(({ fromPark }, index) => !fromPark && rows[index].state === 'claimed')
    const parked = await parkedAmong(table, live)
    claims.push(
      ...rows.map((row, index) => toClaim(row, terms.owner, !some[index].fromPark && parked.has(laneName(some[index]))))
    )
  }
  return claims
}

async function claimRow(
  table: DynamoTable,
  request: ClaimRequest,
  { owner, now, claimMs }: ClaimTerms
): Promise<InboxRow> {
  try {
    const row = await table.update(inboxKey(request), {
      UpdateExpression:
        'SET #state = if_not_exists(#state, :claimed), #owner = :owner, #until = :until, #at = :at, v = :v',
      ConditionExpression: 'attribute_not_exists(pk) OR (#state <> :finished AND (#owner = :owner OR #until <= :now))',
      ExpressionAttributeNames: { '#state': 'state', '#owner': 'owner', '#until': 'claimedUntil', '#at': 'at' },
      ExpressionAttributeValues: {
        ':claimed': 'claimed',
        ':finished': 'finished',
        ':owner': owner,
        ':until': now + claimMs,
        ':now': now,
        ':at': 0,
        ':v': version(),
      },
      ReturnValues: 'ALL_NEW',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    })
    return await table.whole(row as unknown as InboxRow)
  } catch (error) {
    if ((error as Error).name === 'TransactionConflictException')
      return claimRow(table, request, { owner, now, claimMs })
    const { Item } = error as Partial<ConditionalCheckFailedException>
    if (!isConflict(error) || !Item) throw error
    return unmarshall(Item) as unknown as InboxRow
  }
}

/** The lanes of these events in which something is parked. */
async function parkedAmong(table: DynamoTable, requests: readonly LaneId[]): Promise<ReadonlySet<string>> {
  const lanes = new Map(requests.map((request) => [laneName(request), partitionOfLane(request)]))
  const found = await Promise.all(
    [...lanes].map(async ([lane, pk]) => {
      const rows = await table.query(ofLane(pk, lane), 1)
      return rows.length > 0 ? [lane] : []
    })
  )
  return new Set(found.flat())
}

/** What is parked and blocks a lane, or lanes that begin so, in order. */
export function ofLane(pk: string, lane: string): Parameters<DynamoTable['query']>[0] {
  return {
    IndexName: 'by-lane',
    KeyConditionExpression: 'pk = :pk AND begins_with(lane, :lane)',
    ExpressionAttributeValues: { ':pk': pk, ':lane': lane },
  }
}
