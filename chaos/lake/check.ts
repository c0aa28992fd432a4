/** Where an event was in its broker, and which one it was. */
export interface Seen {
  readonly log?: string
  readonly partition?: string
  readonly position?: number
  readonly id?: string
}

/** What is known of a run when it has ended. */
export interface LakeHistory {
  /** What the publisher asked for, in its order, each with its key and whether it was answered. */
  readonly published: readonly { readonly id: string; readonly key: string; readonly answered: boolean }[]
  /** Whether what was asked for again may be in the broker twice. */
  readonly mayRepeat: boolean
  /** What the lake has, before and after a last compaction. */
  readonly recorded: readonly Seen[]
  readonly compacted: readonly Seen[]
  /** What the reader saw. */
  readonly read: readonly Seen[]
  /** What `verify` said, before and after a last compaction. */
  readonly faults: readonly string[]
  /** Gaps that the lake knows. */
  readonly gaps: number
  /** Failpoints at which something died, and those at which it had to. */
  readonly hit: readonly string[]
  readonly demanded: readonly string[]
  readonly kills: number
  readonly crashes: number
  /** Faults that the broker was to have and did not. */
  readonly missed: number
}

/** Everything that can be wrong, each thing as a sentence. */
export interface LakeVerdict {
  readonly lost: readonly string[]
  readonly doubled: readonly string[]
  readonly gaps: readonly string[]
  readonly reordered: readonly string[]
  /** What the reader missed, or saw again. */
  readonly misread: readonly string[]
  readonly faults: readonly string[]
  readonly crashed: readonly string[]
  /** Why the run shows less than it should. */
  readonly inconclusive: readonly string[]
}

/** Compares what a lake and its reader have with what the publisher wrote down. */
export function checkLake(history: LakeHistory): LakeVerdict {
  const { published, recorded, compacted, read, faults, gaps, hit, demanded, crashes, missed } = history
  const ids = new Set(recorded.map(({ id }) => id))
  const asked = new Set(published.map(({ id }) => id))
  const lost = published.filter(({ id, answered }) => answered && !ids.has(id))
  const doubled = [
    ...again(recorded.map(placeOf)).map((place) => `${place}: recorded twice`),
    ...(history.mayRepeat ? [] : again(recorded.map(({ id }) => String(id))).map((id) => `${id}: recorded twice`)),
    ...recorded.filter(({ id }) => !asked.has(String(id))).map(({ id }) => `${id}: never published`),
  ]
  const unreached = demanded.filter((name) => !hit.includes(name))
  return {
    lost: lost.map(({ id }) => `${id}: answered, not in the lake`),
    doubled,
    gaps: gaps > 0 ? [`the lake names ${gaps} gaps`] : [],
    reordered: [...disorder(recorded, 'the lake'), ...disorder(read, 'the reader'), ...keysOutOfOrder(history)],
    misread: [
      ...differences(recorded, read, 'the reader'),
      ...differences(recorded, compacted, 'the lake after its last compaction'),
    ],
    faults,
    crashed: crashes > 0 ? [`${crashes} processes ended by themselves; see their logs`] : [],
    inconclusive: [
      ...unreached.map((name) => `nothing died at ${name}`),
      ...(missed > 0 ? [`the broker did not have ${missed} of its faults`] : []),
      ...(recorded.length === 0 ? ['nothing was recorded'] : []),
    ],
  }
}

/** Whether nothing is wrong, and the run shows it. */
export function isGoodLake(verdict: LakeVerdict): boolean {
  return Object.values(verdict).every((wrongs: readonly string[]) => wrongs.length === 0)
}

/** One line of figures. */
export function lakeSummary(verdict: LakeVerdict, { recorded, kills, hit, demanded }: LakeHistory): string {
  const { lost, doubled, gaps, reordered, misread, faults, crashed } = verdict
  const wrong = Object.entries({ lost, doubled, gaps, reordered, misread, faults, crashed })
  const died = new Set(hit).size
  return `${wrong.map(([what, all]) => `${what} ${all.length}`).join(', ')} of ${recorded.length}, kills ${kills}, failpoints hit ${died} of ${demanded.length}`
}

function partitionOf({ log, partition }: Seen): string {
  return `${log ?? ''} ${partition ?? ''}`
}

function placeOf(seen: Seen): string {
  return `${partitionOf(seen)} ${seen.position}`
}

function again(values: readonly string[]): string[] {
  const known = new Set<string>()
  return values.filter((value) => known.size === known.add(value).size)
}

function disorder(events: readonly Seen[], where: string): string[] {
  const last = new Map<string, number>()
  return events.flatMap((event) => {
    const before = last.get(partitionOf(event)) ?? -1
    const position = event.position ?? NaN
    last.set(partitionOf(event), position)
    return position > before ? [] : [`${placeOf(event)}: in ${where} behind position ${before}`]
  })
}

/** The first copies of the events of each key have the order in which they were published. */
function keysOutOfOrder({ published, recorded }: LakeHistory): string[] {
  const order = new Map(published.map(({ id, key }, index) => [id, { key, index }]))
  const last = new Map<string, number>()
  return [...new Set(recorded.map(({ id }) => String(id)))].flatMap((id) => {
    const known = order.get(id)
    if (known === undefined) return []
    const before = last.get(known.key) ?? -1
    last.set(known.key, known.index)
    return known.index > before ? [] : [`${id}: out of order among the events of ${known.key}`]
  })
}

function differences(expected: readonly Seen[], found: readonly Seen[], who: string): string[] {
  const places = found.map((one) => `${placeOf(one)} ${one.id}`)
  const there = new Set(places)
  const wanted = expected.map((one) => `${placeOf(one)} ${one.id}`)
  const known = new Set(wanted)
  return [
    ...wanted.filter((place) => !there.has(place)).map((place) => `${place}: missed by ${who}`),
    ...again(places).map((place) => `${place}: twice for ${who}`),
    ...places.filter((place) => !known.has(place)).map((place) => `${place}: unknown, for ${who}`),
  ]
}
