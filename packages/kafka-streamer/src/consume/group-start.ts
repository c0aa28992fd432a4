import type { CommittedOffset, DriverConsumer, PartitionOffset } from '../client'
import type { PositionNote } from '../wire'

/** A member of a group that is to begin in some partitions of a topic, while its assignment holds. */
export interface StartingMember {
  readonly consumer: Pick<DriverConsumer, 'committed' | 'offsetsAt' | 'commit'>
  /** What it notes of its positions. */
  readonly note: PositionNote
  readonly partitions: readonly number[]
  /** Whether it is the one that decides: of all members one has the topic's first partition. */
  readonly decides: boolean
}

/** Where the member begins. */
export interface GroupStart {
  readonly offsets: readonly PartitionOffset[]
  /** The partitions whose position was in an earlier topic of that name. */
  readonly renewed: readonly number[]
}

/**
 * Where a group goes on in a topic; undefined where it has never read it, and somebody else is to decide where it begins. Where it begins is
 * committed for all partitions in one request, so that a service that ends before it has settled anything begins there again, and by a
 * member of the running generation, so that two that begin at once do not move it.
 *
 * A partition that has nothing committed while others have is new: it is read from its first record. So is one whose position was noted in
 * another topic: the one that had the name was deleted, and its offsets say nothing of this one. A position without a topic's id is taken over as it
 * is. Whatever is not committed in this form is, before anything is read.
 */
export async function groupStart(
  member: StartingMember,
  startAt: 'first' | 'last' | Date
): Promise<GroupStart | undefined> {
  const committed = await member.consumer.committed()
  if (committed.length === 0 && startAt !== 'first') return member.decides ? begin(member, startAt) : undefined
  const positions = new Map(committed.map((each) => [each.partition, each]))
  const { note, partitions } = member
  const renewed = partitions.filter((partition) => isOfAnother(positions.get(partition)?.note, note))
  const atFirst = partitions.filter((partition) => !positions.has(partition) || renewed.includes(partition))
  const firsts = atFirst.length > 0 ? await member.consumer.offsetsAt('first') : []
  const begun = firsts.filter(({ partition }) => atFirst.includes(partition))
  const kept = committed.filter(({ partition }) => partitions.includes(partition) && !atFirst.includes(partition))
  await commit(member, [...begun, ...kept.filter((each) => !isNoted(each, note))])
  return { offsets: [...begun, ...kept], renewed }
}

async function begin(member: StartingMember, startAt: 'last' | Date): Promise<GroupStart> {
  const offsets = await member.consumer.offsetsAt(startAt)
  await commit(member, offsets)
  return { offsets, renewed: [] }
}

async function commit({ consumer, note }: StartingMember, offsets: readonly PartitionOffset[]): Promise<void> {
  if (offsets.length === 0) return
  await consumer.commit(offsets.map(({ partition, offset }) => ({ partition, offset, note })))
}

function isOfAnother(known: PositionNote | undefined, { topicId }: PositionNote): boolean {
  return known?.topicId !== undefined && topicId !== undefined && known.topicId !== topicId
}

function isNoted({ note: known }: CommittedOffset, { topicId, stateId }: PositionNote): boolean {
  return known.topicId === topicId && (stateId === undefined || known.stateId === stateId)
}
