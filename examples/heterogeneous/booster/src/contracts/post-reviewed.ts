import { UUID } from '@boostercloud/framework-types'

/** Moderation, in Kotlin, has read a post. Comes as Avro. */
export class PostReviewed {
  public constructor(
    readonly postId: UUID,
    readonly verdict: string,
    readonly words: number,
    /** An instant, as in ISO 8601. */
    readonly reviewedAt: string
  ) {}

  public entityID(): UUID {
    return this.postId
  }
}
