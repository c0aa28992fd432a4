import { Register } from '@boostercloud/framework-types'
import { EventHandler, streamer } from '@boostercloud/streamers'
import { PostViewed } from '../contracts/post-viewed'
import { ReactionCounted } from '../events/reaction-counted'

@EventHandler({ eventType: PostViewed, streamedFrom: streamer('main', 'views') })
export class CountView {
  public static async handle({ postId, seconds }: PostViewed, register: Register): Promise<void> {
    register.events(new ReactionCounted(postId, 'view', `for ${seconds} s`))
  }
}
