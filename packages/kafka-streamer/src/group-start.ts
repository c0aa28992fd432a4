import type { DriverAdmin, PartitionOffset } from './driver'

/** Which group, on which topic, and where it begins. */
export interface GroupStart {
  readonly groupId: string
  readonly topic: string
  readonly startAt: 'last' | Date
}

/** Who asks: a member, while its assignment holds. */
export interface StartingMember {
  /** Whether it is the one that decides: of all members one has the topic's first partition. */
  readonly decides: boolean
  /** Rejects where its assignment no longer holds. */
  readonly commit: (offsets: readonly PartitionOffset[]) => Promise<void>
}

/**
 * What a group has committed of a topic; undefined where that is nothing, and somebody else is to decide where it begins. Where it begins is
 * committed for all partitions in one request, so that a service that ends before it has settled anything begins there again, and by a
 * member of the running generation, so that two that begin at once do not move it. A partition that has nothing while others have is new: it is
 * read from its first record.
 */
export async function groupStart(
  admin: Pick<DriverAdmin, 'committed' | 'ranges' | 'offsetsAt'>,
  { groupId, topic, startAt }: GroupStart,
  { decides, commit }: StartingMember
): Promise<PartitionOffset[] | undefined> {
  const committed = await admin.committed(groupId, topic)
  if (committed.length > 0) return committed
  if (!decides) return undefined
  const offsets =
    startAt === 'last'
      ? (await admin.ranges(topic)).map(({ partition, end }) => ({ partition, offset: end }))
      : await admin.offsetsAt(topic, startAt)
  await commit(offsets)
  return offsets
}
