/** What a member of the group tells of itself when it joins. */
export interface Member {
  readonly id: string
  /** The topics it reads, with how many partitions it knows each to have. */
  readonly topics: Readonly<Record<string, number>>
  /** What it had until now. */
  readonly owned: Readonly<Record<string, readonly number[]>>
}

/** The partitions of each topic, by member. */
export type Assignment = Map<string, Record<string, number[]>>

/**
 * Shares the partitions of each topic among the members that read it, and among no others: evenly, and so that as many as can be stay with
 * whom they were. The same members always give the same result, whoever works it out.
 */
export function assign(members: readonly Member[]): Assignment {
  const sorted = [...members].sort((a, b) => (a.id < b.id ? -1 : 1))
  const assignment: Assignment = new Map(sorted.map(({ id }) => [id, {}]))
  for (const topic of new Set(sorted.flatMap(({ topics }) => Object.keys(topics)))) {
    const readers = sorted.filter(({ topics }) => Object.hasOwn(topics, topic))
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
