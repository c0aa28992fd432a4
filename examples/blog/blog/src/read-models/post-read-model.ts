import { Projects, ReadModel } from '@boostercloud/framework-core'
import { ProjectionResult, UUID } from '@boostercloud/framework-types'
import { Post } from '../entities/post'

@ReadModel({ authorize: 'all' })
export class PostReadModel {
  public constructor(
    readonly id: UUID,
    readonly title: string,
    readonly content: string,
    readonly author: string
  ) {}

  @Projects(Post, 'id')
  public static fromPost(post: Post): ProjectionResult<PostReadModel> {
    return new PostReadModel(post.id, post.title, post.content, post.author)
  }
}
