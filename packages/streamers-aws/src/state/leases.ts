import { furthestEnd } from '@boostercloud/streamer-connector'
import { LONGEST_LEASE_MS } from '@boostercloud/streamers/state'
import type { DynamoTable } from './table/dynamo-table'
import { leaseKey, partitions } from './table/keys'
import { inSeconds } from './table/rows'
import type { Row } from './table/rows'
import { isConflict } from './table/storage-error'

/** Who leases, and until when. */
export interface LeaseTerms {
  readonly owner: string
  readonly now: number
  readonly leaseMs: number
}

interface LeaseRow extends Row {
  readonly owner: string
  readonly until: number
}

/** How long a lease is remembered that nobody renews. */
const REMEMBERED_MS = 24 * 60 * 60 * 1000

/** Takes or renews leases, each for itself; answers which are held now. */
export async function lease(table: DynamoTable, names: readonly string[], terms: LeaseTerms): Promise<string[]> {
  const held = await Promise.all(names.map((name) => leaseOne(table, name, terms)))
  return names.filter((_, index) => held[index])
}

async function leaseOne(table: DynamoTable, name: string, { owner, now, leaseMs }: LeaseTerms): Promise<boolean> {
  const until = now + leaseMs
  return holds(() =>
    table.update(leaseKey(name), {
      UpdateExpression: 'SET #owner = :owner, #until = :until, expiresAt = :expires',
      ConditionExpression: 'attribute_not_exists(pk) OR #owner = :owner OR #until <= :now OR #until > :furthest',
      ExpressionAttributeNames: { '#owner': 'owner', '#until': 'until' },
      ExpressionAttributeValues: {
        ':owner': owner,
        ':until': until,
        ':now': now,
        ':furthest': furthestEnd(now, leaseMs),
        ':expires': inSeconds(until + REMEMBERED_MS),
      },
    })
  )
}

/** Who holds leases whose names begin so. */
export async function leaseHolders(
  table: DynamoTable,
  prefix: string,
  now: number
): Promise<ReadonlyMap<string, string>> {
  const rows = await table.query<LeaseRow>({
    KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
    FilterExpression: '#until > :now AND #until <= :furthest',
    ExpressionAttributeNames: { '#until': 'until' },
    ExpressionAttributeValues: {
      ':pk': partitions.leases,
      ':prefix': prefix,
      ':now': now,
      ':furthest': furthestEnd(now, LONGEST_LEASE_MS),
    },
  })
  return new Map(rows.map(({ sk, owner }) => [sk, owner]))
}

/** Gives leases back, those that the owner has. */
export async function release(table: DynamoTable, names: readonly string[], owner: string): Promise<void> {
  await Promise.all(
    names.map((name) =>
      holds(() =>
        table.update(leaseKey(name), {
          UpdateExpression: 'SET #until = :never',
          ConditionExpression: '#owner = :owner',
          ExpressionAttributeNames: { '#owner': 'owner', '#until': 'until' },
          ExpressionAttributeValues: { ':owner': owner, ':never': -1 },
        })
      )
    )
  )
}

async function holds(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work()
    return true
  } catch (error) {
    if (isConflict(error)) return false
    throw error
  }
}
