import { Event } from '@boostercloud/streamers'
import { UUID } from '@boostercloud/framework-types'

@Event
export class EventAudited {
  public constructor(
    readonly eventId: UUID,
    readonly type: string,
    readonly description: string
  ) {}

  public entityID(): UUID {
    return this.eventId
  }
}
