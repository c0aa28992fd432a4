import { existsSync, readFileSync } from 'node:fs'
import { graphql } from '../../support/graphql'
import { WAYS } from './journeys'
import type { Readers } from './readers'

const ISSUES = '{ ListIssueReadModels(filter: {}) { items { id timesSent } } }'
const REACTIONS = '{ ListReactionReadModels(filter: {}) { items { kind times } } }'
const ENTRIES = '{ ListEntryReadModels(filter: {}) { items { id type timesSeen } } }'

/** Where everything is that can be asked: the URLs of services, the digest's file, the readers. */
export interface System {
  readonly newsletter: string
  readonly audit: string
  readonly reactions?: string
  readonly digestFile?: string
  readonly readers?: Readers
}

/** How often the posts went one way: `once`, not at all, or more often. */
export interface Check {
  readonly way: string
  readonly expected: number
  readonly once: number
  readonly lost: number
  readonly doubled: number
}

interface List<T> {
  readonly items: readonly T[]
}

/**
 * How often each post went each way, asked of the services' read models and of the programs without Booster: the digest's file, and the
 * readers. Of those, what is not there is not judged.
 */
export async function checkAll(system: System, posts: readonly unknown[]): Promise<Check[]> {
  const { newsletter, audit, reactions, digestFile, readers } = system
  const [issues, entries, likes] = await Promise.all([
    timesSent(newsletter),
    timesSeen(audit),
    reactions === undefined ? undefined : timesLiked(reactions),
  ])
  const ways: ReadonlyArray<readonly [string, readonly number[] | undefined]> = [
    [WAYS.toNewsletter, issues],
    [WAYS.toAudit, entries.PostCreated ?? []],
    [WAYS.toDigest, digestFile === undefined ? undefined : timesInDigest(digestFile)],
    [WAYS.onToAudit, entries.IssueSent ?? []],
    [WAYS.toReaders, readers?.timesRead()],
    [WAYS.backFromReaders, likes],
  ]
  return ways.flatMap(([way, times]) => (times ? judge(way, posts.length, times) : []))
}

/** Whether every post was seen. */
export const isComplete = (check: Check): boolean => check.once + check.doubled >= check.expected
/** Whether every post was seen, and none twice. */
export const isExact = (check: Check): boolean => check.once === check.expected && check.doubled === 0

/** How often the newsletter has sent an issue on each post. */
export async function timesSent(url: string): Promise<number[]> {
  const found = await graphql<{ ListIssueReadModels: List<{ timesSent: number }> }>(url, ISSUES)
  return found.ListIssueReadModels.items.map((issue) => issue.timesSent)
}

async function timesLiked(url: string): Promise<number[]> {
  const found = await graphql<{ ListReactionReadModels: List<{ kind: string; times: number }> }>(url, REACTIONS)
  return found.ListReactionReadModels.items.filter(({ kind }) => kind === 'like').map(({ times }) => times)
}

async function timesSeen(url: string): Promise<Readonly<Record<string, number[]>>> {
  const found = await graphql<{ ListEntryReadModels: List<{ type: string; timesSeen: number }> }>(url, ENTRIES)
  const byType: Record<string, number[]> = {}
  for (const entry of found.ListEntryReadModels.items) (byType[entry.type] ??= []).push(entry.timesSeen)
  return byType
}

function timesInDigest(file: string): number[] {
  const times = new Map<string, number>()
  const lines = existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : []
  for (const line of lines.filter(Boolean)) {
    const { postId } = JSON.parse(line) as { postId: string }
    times.set(postId, (times.get(postId) ?? 0) + 1)
  }
  return [...times.values()]
}

function judge(way: string, expected: number, times: readonly number[]): Check {
  const once = times.filter((count) => count === 1).length
  return { way, expected, once, lost: Math.max(0, expected - times.length), doubled: times.length - once }
}
