import { Entity, Reduces } from '@boostercloud/framework-core'
import { UUID } from '@boostercloud/framework-types'
import { EventAudited } from '../events/event-audited'

/** One event, under its own id. Seen once, unless something is wrong. */
@Entity({ authorizeReadEvents: 'all' })
export class Entry {
  public constructor(
    readonly id: UUID,
    readonly type: string,
    readonly description: string,
    readonly timesSeen: number
  ) {}

  @Reduces(EventAudited)
  public static onAudited(event: EventAudited, current?: Entry): Entry {
    return new Entry(event.eventId, event.type, event.description, (current?.timesSeen ?? 0) + 1)
  }
}
