import { Entity, Reduces } from '@boostercloud/framework-core'
import { UUID } from '@boostercloud/framework-types'
import { IssueSent } from '../events/issue-sent'

/** The issue on one post, under the post's id. Sent once, unless something is wrong. */
@Entity({ authorizeReadEvents: 'all' })
export class Issue {
  public constructor(
    readonly id: UUID,
    readonly title: string,
    readonly recipients: number,
    readonly timesSent: number
  ) {}

  @Reduces(IssueSent)
  public static onSent(event: IssueSent, current?: Issue): Issue {
    return new Issue(event.postId, event.title, event.recipients, (current?.timesSent ?? 0) + 1)
  }
}
