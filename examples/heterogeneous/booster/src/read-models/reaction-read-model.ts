import { Projects, ReadModel } from '@boostercloud/framework-core'
import { ProjectionResult, UUID } from '@boostercloud/framework-types'
import { Reaction } from '../entities/reaction'

@ReadModel({ authorize: 'all' })
export class ReactionReadModel {
  public constructor(
    readonly id: UUID,
    readonly postId: UUID,
    readonly kind: string,
    readonly times: number,
    readonly detail: string
  ) {}

  @Projects(Reaction, 'id')
  public static fromReaction({ id, postId, kind, times, detail }: Reaction): ProjectionResult<ReactionReadModel> {
    return new ReactionReadModel(id, postId, kind, times, detail)
  }
}
