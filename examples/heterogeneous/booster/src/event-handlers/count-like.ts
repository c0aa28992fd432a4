import { showJourney } from '@blog/journey'
import { Register } from '@boostercloud/framework-types'
import { EventHandler, streamer } from '@boostercloud/streamers'
import { PostLiked } from '../contracts/post-liked'
import { ReactionCounted } from '../events/reaction-counted'

const likes = streamer('main', 'likes')

@EventHandler({ eventType: PostLiked, streamedFrom: likes })
export class CountLike {
  public static async handle(event: PostLiked, register: Register): Promise<void> {
    showJourney(event, likes, 'reactions')
    register.events(new ReactionCounted(event.postId, 'like', `by ${event.reader}`))
  }
}
