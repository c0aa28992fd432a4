import { Register } from '@boostercloud/framework-types'
import { EventHandler, streamer } from '@boostercloud/streamers'
import { PostReviewed } from '../contracts/post-reviewed'
import { ReactionCounted } from '../events/reaction-counted'

@EventHandler({ eventType: PostReviewed, streamedFrom: streamer('main', 'reviews') })
export class CountReview {
  public static async handle({ postId, verdict, words }: PostReviewed, register: Register): Promise<void> {
    register.events(new ReactionCounted(postId, 'review', `${verdict} with ${words} words`))
  }
}
