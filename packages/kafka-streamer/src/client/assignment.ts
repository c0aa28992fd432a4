/** The streaming state that a member works for. */
export interface MemberOwner {
  readonly stateId: string
  /** When it became the member that it is; milliseconds since 1970, by the clock of its machine. */
  readonly since: number
}

/** What a member of the group tells of itself when it joins. */
export interface Member {
  readonly id: string
  /** Missing where it works for no state, or is of an earlier version. */
  readonly owner?: MemberOwner
  /** The topics it reads, with how many partitions it knows each to have. */
  readonly topics: Readonly<Record<string, number>>
  /** What it had until now. */
  readonly owned: Readonly<Record<string, readonly number[]>>
}

/** The partitions of each topic, by member. */
export type Assignment = Map<string, Record<string, number[]>>

/** The state that a topic is owned by: of those whose members read it, the one that was there first. Undefined where no member names one. */
export function ownerOf(topic: string, members: readonly Member[]): string | undefined {
  const owners = members.flatMap(({ topics, owner }) => (owner && Object.hasOwn(topics, topic) ? [owner] : []))
  return owners.sort((a, b) => a.since - b.since || (a.stateId < b.stateId ? -1 : 1))[0]?.stateId
}

/**
 * Shares the partitions of each topic among the members that read it, and among no others: evenly, and so that as many as can be stay with
 * whom they were. Members of another state than the one that owns the topic are given nothing of it. The same members always give the same result, whoever works it out.
 */
export function assign(members: readonly Member[]): Assignment {
  const sorted = [...members].sort((a, b) => (a.id < b.id ? -1 : 1))
  const assignment: Assignment = new Map(sorted.map(({ id }) => [id, {}]))
  for (const topic of new Set(sorted.flatMap(({ topics }) => Object.keys(topics)))) {
    const owner = ownerOf(topic, sorted)
    const mayRead = (member: Member): boolean => member.owner === undefined || member.owner.stateId === owner
    const readers = sorted.filter((member) => Object.hasOwn(member.topics, topic) && mayRead(member))
    for (const [id, partitions] of shares(topic, readers)) {
      const own = assignment.get(id)
      if (own && partitions.length > 0) own[topic] = partitions
    }
  }
  return assignment
}

function shares(topic: string, readers: readonly Member[]): Map<string, number[]> {
  const count = Math.max(...readers.map(({ topics }) => topics[topic]))
  const least = Math.floor(count / readers.length)
  let larger = count % readers.length
  const free = new Set(Array.from({ length: count }, (_, partition) => partition))
  const kept = readers.map(({ id, owned }) => {
    const own = [...new Set(owned[topic] ?? [])].filter((partition) => free.has(partition)).sort((a, b) => a - b)
    const isLarger = own.length > least && larger > 0
    if (isLarger) larger -= 1
    const keeps = own.slice(0, least + (isLarger ? 1 : 0))
    for (const partition of keeps) free.delete(partition)
    return { id, keeps }
  })
  const rest = [...free]
  for (const { keeps } of kept) keeps.push(...rest.splice(0, Math.max(0, least - keeps.length)))
  for (const { keeps } of kept) if (keeps.length === least) keeps.push(...rest.splice(0, 1))
  return new Map(kept.map(({ id, keeps }) => [id, keeps.sort((a, b) => a - b)]))
}
