import { Entity, Reduces } from '@boostercloud/framework-core'
import { UUID } from '@boostercloud/framework-types'
import { PostCreated } from '../events/post-created'

@Entity
export class Post {
  public constructor(
    readonly id: UUID,
    readonly title: string,
    readonly content: string,
    readonly author: string
  ) {}

  @Reduces(PostCreated)
  public static onCreated(event: PostCreated): Post {
    return new Post(event.postId, event.title, event.content, event.author)
  }
}
