import { unmarshall } from '@aws-sdk/util-dynamodb'
import type { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb'
import { furthestEnd } from '@boostercloud/streamer-connector'
import type { Claim, ClaimRequest, ClaimTerms, LaneId } from '@boostercloud/streamers/state'
import type { DynamoTable } from '../table/dynamo-table'
import { inboxKey, inboxNames, laneName, partitionOfLane } from '../table/keys'
import { toClaim } from '../table/rows'
import type { InboxRow } from '../table/rows'
import { isConflict } from '../table/storage-error'
import { version } from '../table/working-copy'

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

/** What writes the names of a row whose key does not say them. */
function namingOf(request: ClaimRequest): { readonly set: string; readonly values: Record<string, string> } {
  const { inboxOf } = inboxNames(request)
  return inboxOf === undefined ? { set: '', values: {} } : { set: ', inboxOf = :named', values: { ':named': inboxOf } }
}

async function claimRow(table: DynamoTable, request: ClaimRequest, terms: ClaimTerms): Promise<InboxRow> {
  const { owner, now, claimMs, sole } = terms
  const naming = namingOf(request)
  try {
    const before = await table.update(inboxKey(request), {
      UpdateExpression: `SET #state = if_not_exists(#state, :claimed), #owner = :owner, #until = :until, #at = :at, v = :v${naming.set}`,
      ConditionExpression:
        'attribute_not_exists(pk) OR (#state <> :finished AND (#owner = :owner OR #until <= :now OR #until > :furthest))',
      ExpressionAttributeNames: { '#state': 'state', '#owner': 'owner', '#until': 'claimedUntil', '#at': 'at' },
      ExpressionAttributeValues: {
        ':claimed': 'claimed',
        ':finished': 'finished',
        ':owner': owner,
        ':until': now + claimMs,
        ':now': sole ? Number.MAX_SAFE_INTEGER : now,
        ':furthest': furthestEnd(now, claimMs),
        ':at': 0,
        ':v': version(),
        ...naming.values,
      },
      ReturnValues: 'ALL_OLD',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    })
    const known = before as Partial<InboxRow>
    const row: InboxRow = {
      ...inboxKey(request),
      state: 'claimed',
      at: 0,
      ...known,
      owner,
      claimedUntil: now + claimMs,
    }
    if (known.owner === undefined || known.owner === '' || known.owner === owner) return await table.whole(row)
    return await table.whole({ ...row, ...(await suspect(table, request, owner)) })
  } catch (error) {
    if ((error as Error).name === 'TransactionConflictException') return claimRow(table, request, terms)
    const { Item } = error as Partial<ConditionalCheckFailedException>
    if (!isConflict(error) || !Item) throw error
    return unmarshall(Item) as unknown as InboxRow
  }
}

/** The claim has passed on from an owner who has not given it back: written behind the claim, as that tells it as long as it is not written. */
async function suspect(table: DynamoTable, request: ClaimRequest, owner: string): Promise<Partial<InboxRow>> {
  const row = await table.update(inboxKey(request), {
    UpdateExpression: 'SET starts = if_not_exists(starts, :none), v = :v REMOVE beganAt',
    ConditionExpression: '#owner = :owner AND #state <> :finished',
    ExpressionAttributeNames: { '#owner': 'owner', '#state': 'state' },
    ExpressionAttributeValues: { ':none': 0, ':v': version(), ':owner': owner, ':finished': 'finished' },
    ReturnValues: 'ALL_NEW',
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  })
  return row as Partial<InboxRow>
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
