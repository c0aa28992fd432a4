import { noteFrom } from '../wire'
import type { CommittedOffset } from './driver'

/** A committed offset as kafkajs tells of it; `metadata` is missing in its types at places. */
interface Told {
  readonly partition: number
  readonly offset: string
  readonly metadata?: string | null
}

/** A committed offset in our words; none where nothing is committed, or only that it is to begin at the first record, which kafkajs commits as -2. */
export function committedOffset({ partition, offset, metadata }: Told): CommittedOffset[] {
  return Number(offset) < 0 ? [] : [{ partition, offset: Number(offset), note: noteFrom(metadata) }]
}
