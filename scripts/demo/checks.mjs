import { existsSync, readFileSync } from 'node:fs'
import { graphql } from './graphql.mjs'
import { WAYS } from './journeys.mjs'

const ISSUES = '{ ListIssueReadModels(filter: {}) { items { id timesSent } } }'
const ENTRIES = '{ ListEntryReadModels(filter: {}) { items { id type timesSeen } } }'

/** How often each post went each way, asked of the services' read models and of the digest's file. */
export async function checkAll({ newsletter, audit, digestFile }, posts) {
  const [issues, entries] = await Promise.all([timesSent(newsletter), timesSeen(audit)])
  return [
    judge(WAYS.toNewsletter, posts, issues),
    judge(WAYS.toAudit, posts, entries.PostCreated ?? []),
    judge(WAYS.toDigest, posts, timesInDigest(digestFile)),
    judge(WAYS.onToAudit, posts, entries.IssueSent ?? []),
  ]
}

/** Whether every post was seen, and none twice. */
export const isComplete = (check) => check.once + check.doubled >= check.expected
export const isExact = (check) => check.once === check.expected && check.doubled === 0

/** How often the newsletter has sent an issue on each post. */
export async function timesSent(url) {
  const { ListIssueReadModels: list } = await graphql(url, ISSUES)
  return list.items.map(({ timesSent }) => timesSent)
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
