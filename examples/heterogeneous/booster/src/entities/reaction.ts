import { Entity, Reduces } from '@boostercloud/framework-core'
import { UUID } from '@boostercloud/framework-types'
import { ReactionCounted } from '../events/reaction-counted'

/** The reactions of one kind to one post. */
@Entity({ authorizeReadEvents: 'all' })
export class Reaction {
  public constructor(
    readonly id: UUID,
    readonly postId: UUID,
    readonly kind: string,
    readonly times: number,
    /** Of the last one. */
    readonly detail: string
  ) {}

  @Reduces(ReactionCounted)
  public static onCounted(event: ReactionCounted, current?: Reaction): Reaction {
    const { postId, kind, detail } = event
    return new Reaction(event.entityID(), postId, kind, (current?.times ?? 0) + 1, detail)
  }
}
