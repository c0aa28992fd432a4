import { UUID } from '@boostercloud/framework-types'
import { Event, streamer } from '@boostercloud/streamers'

/** Somebody has reacted to a post. Leaves as bare JSON over Kafka and RabbitMQ, as a CloudEvent over NATS. */
@Event({ streamTo: streamer('main', 'reactions') })
export class ReactionCounted {
  public constructor(
    readonly postId: UUID,
    /** `review`, `view` or `like`. */
    readonly kind: string,
    readonly detail: string
  ) {}

  /** An entity for each kind, as each comes on a topic of its own: events of different topics are handled at the same time. */
  public entityID(): UUID {
    return `${this.postId}/${this.kind}`
  }
}
