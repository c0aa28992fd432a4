import { UUID } from '@boostercloud/framework-types'

/** One of the readers, in Python, has looked at a post. Comes as bare JSON, without type and id. */
export class PostViewed {
  public constructor(
    readonly postId: UUID,
    readonly seconds: number
  ) {}

  public entityID(): UUID {
    return this.postId
  }
}
