import { existsSync, readFileSync } from 'node:fs'
import { graphql } from './graphql.mjs'
import { WAYS } from './journeys.mjs'

const ISSUES = '{ ListIssueReadModels(filter: {}) { items { id timesSent } } }'
const REACTIONS = '{ ListReactionReadModels(filter: {}) { items { kind times } } }'
const ENTRIES = '{ ListEntryReadModels(filter: {}) { items { id type timesSeen } } }'

/**
 * How often each post went each way, asked of the services' read models and of the programs without Booster: the digest's file, and the
 * readers. Of those, what is not there is not judged.
 */
export async function checkAll({ newsletter, audit, reactions, digestFile, readers }, posts) {
  const [issues, entries, likes] = await Promise.all([
    timesSent(newsletter),
    timesSeen(audit),
    reactions && timesLiked(reactions),
  ])
  const ways = [
    [WAYS.toNewsletter, issues],
    [WAYS.toAudit, entries.PostCreated ?? []],
    [WAYS.toDigest, digestFile && timesInDigest(digestFile)],
    [WAYS.onToAudit, entries.IssueSent ?? []],
    [WAYS.toReaders, readers?.timesRead()],
    [WAYS.backFromReaders, likes],
  ]
  return ways.filter(([, times]) => times).map(([way, times]) => judge(way, posts, times))
}

/** Whether every post was seen, and none twice. */
export const isComplete = (check) => check.once + check.doubled >= check.expected
export const isExact = (check) => check.once === check.expected && check.doubled === 0

/** How often the newsletter has sent an issue on each post. */
export async function timesSent(url) {
  const { ListIssueReadModels: list } = await graphql(url, ISSUES)
  return list.items.map(({ timesSent }) => timesSent)
}

async function timesLiked(url) {
  const { ListReactionReadModels: list } = await graphql(url, REACTIONS)
  return list.items.filter(({ kind }) => kind === 'like').map(({ times }) => times)
}

async function timesSeen(url) {
  const { ListEntryReadModels: list } = await graphql(url, ENTRIES)
  const byType = {}
  for (const { type, timesSeen } of list.items) (byType[type] ??= []).push(timesSeen)
  return byType
}

function timesInDigest(file) {
  const times = new Map()
  const lines = existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : []
  for (const line of lines.filter(Boolean)) {
    const { postId } = JSON.parse(line)
    times.set(postId, (times.get(postId) ?? 0) + 1)
  }
  return [...times.values()]
}

function judge(way, posts, times) {
  const expected = posts.length
  const once = times.filter((count) => count === 1).length
  return { way, expected, once, lost: Math.max(0, expected - times.length), doubled: times.length - once }
}
