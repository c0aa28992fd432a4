import { UUID } from '@boostercloud/framework-types'

/** The newsletter has told its subscribers of a post. */
export class IssueSent {
  public constructor(
    readonly postId: UUID,
    readonly title: string,
    readonly recipients: number
  ) {}

  public entityID(): UUID {
    return this.postId
  }
}
