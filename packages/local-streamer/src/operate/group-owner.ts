import { furthestEnd, groupOwnedError } from '@boostercloud/streamer-connector'
import type { GroupOwned, GroupOwner } from '@boostercloud/streamer-connector'
import type { SqliteFile, Statements } from '@boostercloud/streamer-sqlite'

/** Who reads which topics, under which name. */
export interface GroupReading {
  readonly group: string
  readonly topics: readonly string[]
  readonly owner: GroupOwner
}

/** What would last longer than a lease (?4) was written by a clock that was wrong, and holds nobody up. */
const LAST_OF_OTHERS = `
  SELECT state_id, max(CASE WHEN owned_until <= ?4 THEN owned_until ELSE 0 END) AS owned_until FROM group_members
  WHERE group_name = ?1 AND topic = ?2 AND state_id <> ?3 GROUP BY state_id ORDER BY 2 DESC`

const OWN = `
  INSERT INTO group_members (group_name, topic, state_id, member, owned_until) VALUES (?1, ?2, ?3, ?4, ?5)
  ON CONFLICT DO UPDATE SET owned_until = excluded.owned_until`

/** Other processes of the state that have ended: one row is enough to know the state by. */
const FORGET_ENDED = `
  DELETE FROM group_members WHERE group_name = ?1 AND topic = ?2 AND state_id = ?3 AND member <> ?4
  AND (owned_until <= ?5 OR owned_until > ?6)`

/** Owns a group in the file of the log, or rejects with `GROUP_OWNED` and changes nothing. */
export async function ownGroup(file: SqliteFile, { group, topics, owner }: GroupReading): Promise<GroupOwned> {
  const { stateId, member, leaseMs } = owner
  const before = new Set<string>()
  const refused = await file.write((statements) => {
    const now = Date.now()
    const furthest = furthestEnd(now, leaseMs)
    const others = topics.map((topic) => ({
      topic,
      states: statements.all(LAST_OF_OTHERS, group, topic, stateId, furthest),
    }))
    for (const { topic, states } of others) {
      const [last] = states
      if (last === undefined) continue
      if (Number(last.owned_until) > now) return { topic, by: String(last.state_id) }
      for (const { state_id } of states) before.add(String(state_id))
    }
    for (const topic of topics) {
      statements.run(OWN, group, topic, stateId, member, now + leaseMs)
      statements.run(FORGET_ENDED, group, topic, stateId, member, now, furthest)
    }
    return undefined
  })
  if (refused)
    throw groupOwnedError({ group, topic: refused.topic, by: refused.by, option: 'LocalStreamer.with({ group })' })
  return { before: [...before] }
}

/** Ends the lease of one member. Its row stays, so that the next state knows whom it follows. */
export async function leaveGroup(file: SqliteFile, { group, topics, owner }: GroupReading): Promise<void> {
  const end = (statements: Statements): void => {
    for (const topic of topics) statements.run(OWN, group, topic, owner.stateId, owner.member, 0)
  }
  await file.write(end)
}
