import { UUID } from '@boostercloud/framework-types'

/** One of the readers, in Python, likes a post. Comes as a CloudEvent. */
export class PostLiked {
  public constructor(
    readonly postId: UUID,
    readonly reader: string
  ) {}

  public entityID(): UUID {
    return this.postId
  }
}
